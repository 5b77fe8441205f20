"""The ways in which a user's input can be wrong, and the exit code of each.

Exit codes of every command: 0 done, 1 a fault of ours, 2 usage or configuration, 3 input data,
130 interrupted.
"""

from collections.abc import Mapping
from typing import TypeVar

Entry = TypeVar("Entry")


class FakeAudioError(ValueError):
    """Root of what the toolkit raises on purpose."""

    exit_code = 1


class UsageError(FakeAudioError):
    """The command line, a recipe or an argument asks for something that cannot be done."""

    exit_code = 2


class DataError(FakeAudioError):
    """A file, a table or a set of clips cannot be used as it is."""

    exit_code = 3


def choose(name: str, options: Mapping[str, Entry], what: str) -> Entry:
    """Return ``options[name]``, or say which names there are.

    Parameters
    ----------
    name : str
        The key asked for.
    options : dict
        A registry.
    what : str
        What the registry holds, for the message.

    Returns
    -------
    object
        The registered entry.

    Raises
    ------
    UsageError
        If `name` is not registered.
    """
    if name not in options:
        raise UsageError(f"unknown {what} {name!r}; choose one of: {', '.join(options)}")
    return options[name]
