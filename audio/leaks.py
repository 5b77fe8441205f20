"""Clips that two sets of recordings share: what a detector was trained on must not test it."""

from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from audio import fingerprint as prints
from audio.clip import read_samples
from audio.listing import audio_files
from audio.manifest import is_manifest, load
from experiment.errors import DataError
from experiment.parallel import each
from experiment.progress import track

GROUP = 64  # clips that a worker is given at once
BLOCK = 25_000  # clips whose hashes are in memory, 1 GB
CHUNK = 256  # clips that are looked up in them at once


def recordings(path):
    """Return the paths of recordings by name.

    Parameters
    ----------
    path : str or Path
        A manifest, a folder with one, or a folder of sound files.

    Returns
    -------
    dict of str to str
        Of a manifest by the column ``name``, of a folder by path below it.

    Raises
    ------
    DataError
        If there are none.
    """
    path = Path(path).expanduser()
    if is_manifest(path) or path.is_file():
        frame = load(path)
        return dict(zip(frame["name"], frame["path"], strict=True))
    found = {str(file.relative_to(path)): str(file) for file in audio_files(path)}
    if not found:
        raise DataError(f"{path}: no sound files")
    return found


def shared(first, second, *, workers=None, scheduler=None):
    """Return the clips that two sets share, also after mp3, resampling, cutting and another level.

    Parameters
    ----------
    first, second : mapping of str to str
        Paths of sound files by name.
    workers, scheduler
        As of experiment.parallel.each.

    Returns
    -------
    found : DataFrame
        ``first``, ``second`` (names), ``offset`` (seconds by which the second begins after the
        first) and ``share`` (of peaks that fall together), the surest first.
    left_out : DataFrame
        ``path`` and ``reason`` of what could not be compared: unreadable, silent or too short.
    """
    options = {"workers": workers, "scheduler": scheduler}
    names, known, bad = _fingerprints(first, _peaks, **options)
    others, asked, worse = _fingerprints(second, _fingerprint, **options)
    rows = []
    for one, other, offset, share in matches(known, asked):
        seconds = offset * prints.HOP / prints.RATE
        rows.append((names[one], others[other], round(seconds, 3), round(share, 3)))
    found = pd.DataFrame(rows, columns=["first", "second", "offset", "share"])
    left_out = pd.DataFrame([*bad, *worse], columns=["path", "reason"])
    return found.sort_values("share", ascending=False, ignore_index=True), left_out


def matches(known, asked):
    """Yield which fingerprints are of the same recording.

    Parameters
    ----------
    known : list of ndarray
        As audio.fingerprint.peaks gives them.
    asked : list of tuple of ndarray
        As audio.fingerprint.fingerprint gives them.

    Yields
    ------
    one, other : int
        Place in `known` and in `asked`.
    offset : int
        In frames.
    share : float
        Of the peaks that fall together.
    """
    steps = [(block, chunk) for block in _starts(known, BLOCK) for chunk in _starts(asked, CHUNK)]
    table, loaded = None, None
    for block, chunk in track(steps, "comparing"):
        if block != loaded:
            table, loaded = prints.Table.of(known[block : block + BLOCK]).sorted(), block
        yield from _matches(table, known, block, asked[chunk : chunk + CHUNK], chunk)


def _starts(items, size):
    return range(0, len(items), size)


def _matches(table, known, block, asked, chunk):
    best = {}
    for pair, offset in zip(*_candidates(table, asked), strict=True):
        one, other = block + int(pair[0]), int(pair[1])
        share = prints.same(known[one], asked[other], int(offset))
        if share > best.get((one, other), (0, 0))[0]:
            best[one, other] = share, int(offset)
    for (one, other), (share, offset) in sorted(best.items()):
        yield one, chunk + other, offset, share


def _candidates(table, asked):
    """Look up both halves of some fingerprints; return pairs and offsets."""
    halves = [prints.Table.of([both[half] for both in asked]) for half in (0, 1)]
    columns = (
        np.concatenate([getattr(half, name) for half in halves])
        for name in ("keys", "owners", "starts")
    )
    return prints.candidates(table, prints.Table(*columns))


def _fingerprints(paths, how, workers, scheduler):
    """Return names and fingerprints of what can be compared, and rows of what cannot."""
    items = list(paths.items())
    groups = [[path for _, path in items[i : i + GROUP]] for i in _starts(items, GROUP)]
    options = {"workers": workers, "scheduler": scheduler, "title": "fingerprints"}
    results = chain.from_iterable(each(partial(_group, how), groups, **options))
    names, found, bad = [], [], []
    for (name, path), (result, reason) in zip(items, results, strict=True):
        if reason:
            bad.append((path, reason))
        else:
            names.append(name)
            found.append(result)
    return names, found, bad


def _group(how, paths):
    return [_one(how, path) for path in paths]


def _one(how, path):
    """Return the fingerprint of a file and why there is none."""
    try:
        return how(path), ""
    except DataError as error:
        return None, str(error)


def _peaks(path):
    found = prints.peaks(read_samples(path, prints.RATE), prints.RATE)
    return _enough(path, found)


def _fingerprint(path):
    both = prints.fingerprint(read_samples(path, prints.RATE), prints.RATE)
    _enough(path, both[0])
    return both


def _enough(path, found):
    if len(found) < prints.HITS:
        raise DataError(f"{path}: too short or too quiet to be compared")
    return found
