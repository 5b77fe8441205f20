"""Sets of sound files as the command line names them."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from audio import manifest
from experiment.errors import DataError, UsageError


def read(text: str) -> pd.DataFrame:
    """Return the files of a set.

    Parameters
    ----------
    text : str
        A folder of sound files, or a manifest (.parquet, .csv or a folder with one), of which
        ``:column=value,column=value`` keeps the rows with these values.

    Returns
    -------
    DataFrame
        One row per file: ``path``, and the columns of the manifest if there is one.

    Raises
    ------
    DataError
        If there is no such set, or it is empty.
    UsageError
        If a filter names no column, or a folder without a manifest is filtered.
    """
    path, wanted = split(text)
    if manifest.is_manifest(path):
        frame = _filtered(manifest.load(path), wanted, text)
    elif wanted:
        raise UsageError(f"{text}: only a manifest can be filtered, and {path} is none")
    else:
        files = [str(file) for file in manifest.audio_files(path)]
        frame = pd.DataFrame({"path": pd.Series(files, dtype=object)})  # names need not be UTF-8
    if frame.empty:
        raise DataError(f"{text}: no sound files")
    return frame


def split(text):
    """Return path and filter of a set's name; a colon without ``=`` behind it is of the path."""
    path, _, tail = text.rpartition(":")
    if not path or "=" not in tail or Path(text).exists():
        return Path(text), {}
    pairs = [pair.partition("=") for pair in tail.split(",")]
    return Path(path), {column.strip(): value.strip() for column, _, value in pairs}


def short_names(texts: Sequence[str]) -> list[str]:
    """Return a name to print for each set: its last path component where that tells them apart.

    Parameters
    ----------
    texts : sequence of str
        Sets as the command line names them.

    Returns
    -------
    list of str
        As long, and distinct if `texts` are.
    """
    short = []
    for text in texts:
        path, wanted = split(text)
        kept = ",".join(f"{column}={value}" for column, value in wanted.items())
        short.append(f"{path.name}:{kept}" if kept else path.name)
    return short if len(set(short)) == len(texts) and all(short) else list(texts)


def _filtered(frame, wanted, text):
    for column, value in wanted.items():
        if column not in frame:
            raise UsageError(f"{text}: no column {column!r}; there are {', '.join(frame.columns)}")
        frame = frame[frame[column].astype(str) == value]
    return frame
