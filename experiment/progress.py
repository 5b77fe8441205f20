"""Progress for people, on standard error: standard output carries the result alone."""

import sys
import time
import unicodedata
from collections.abc import Iterable, Sized
from contextlib import contextmanager

ODD = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, invisible formats, bytes that are no text, breaks


def _console():
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def shown(text: object) -> str:
    r"""Return text as a terminal may show it: control characters and line breaks are escaped.

    Parameters
    ----------
    text : object
        What `str` makes text of; a file name, say, may hold anything.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> shown("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    return "".join(map(_visible, str(text)))


def _visible(character):
    if unicodedata.category(character) not in ODD:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def say(text) -> None:
    """Print one line on standard error."""
    _console().print(shown(text), markup=False)


def clock(seconds):
    """Return a duration as people say it: ``42 s``, ``3 min 20 s``, ``1 h 05 min``."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def track(iterable: Iterable, title: str, total: int | None = None):
    """Iterate with a bar and the time left; a line now and then where there is no terminal.

    Parameters
    ----------
    iterable : iterable
        What to go through.
    title : str
        What is being done.
    total : int, optional
        Number of items, where `iterable` has no length.

    Yields
    ------
    object
        The items.
    """
    if total is None and isinstance(iterable, Sized):
        total = len(iterable)
    with meter(title, total) as advance:
        for item in iterable:
            yield item
            advance()


@contextmanager
def meter(title: str, total: float | None = None):
    """Yield ``advance(steps=1, note="")``, which moves a bar or prints a line every ten seconds.

    Parameters
    ----------
    title : str
        What is being done.
    total : float, optional
        Steps in all; unknown means no time left.

    Yields
    ------
    callable
        ``advance(steps=1, note="")``; `note` stands at the end of the line.
    """
    display = _bar if sys.stderr.isatty() else _lines
    with display(title, total) as advance:
        yield advance


@contextmanager
def _bar(title, total):
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=_console()) as bar:
        task = bar.add_task(title, total=total, note="")
        yield lambda steps=1, note="": bar.update(task, advance=steps, note=note)


@contextmanager
def _lines(title, total, every=10.0):
    start = last = time.monotonic()
    done = 0

    def advance(steps=1, note=""):
        nonlocal done, last
        done += steps
        now = time.monotonic()
        if now - last < every:
            return
        last = now
        parts = [f"{title}: {done:g}" + (f" of {total:g}" if total else "")]
        if total and done:
            parts.append(f"{clock((now - start) * max(total - done, 0) / done)} left")
        say(", ".join([*parts, note] if note else parts))

    yield advance
    if time.monotonic() - start > every:
        say(f"{title}: done in {clock(time.monotonic() - start)}")
