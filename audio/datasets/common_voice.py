"""Common Voice: sentences read by volunteers, each through a microphone of their own."""

import pandas as pd

from audio.datasets.base import DataSet, collect, locate, require_columns, sounds, table
from experiment.errors import DataError

TABLES = {"train": "train.tsv", "dev": "dev.tsv", "test": "test.tsv"}


def read(path):
    """Return the manifest of one language of Common Voice.

    Parameters
    ----------
    path : str or Path
        Folder of the language, with ``clips/`` and ``validated.tsv``; the official splits where
        ``train.tsv``, ``dev.tsv`` and ``test.tsv`` are there, else all validated clips in train.

    Returns
    -------
    DataFrame
        Bona fide only, with the sentence as text.

    Raises
    ------
    DataError
        If there is no table, or it lacks a column.
    """
    files = {split: locate(path, name) for split, name in TABLES.items()}
    if not all(files.values()):
        files = {"train": locate(path, "validated.tsv")}
    if not all(files.values()):
        raise DataError(f"{path}: no validated.tsv; name the folder of one language")
    return collect([_part(file, split) for split, file in files.items()], path, "common_voice")


def _part(file, split):
    rows = table(file, sep="\t", quoting=3)
    require_columns(rows, file, "client_id", "path", "sentence")
    folder = file.parent / "clips"
    there = sounds(folder)
    names = rows["path"].str.rsplit(".", n=1).str[0]
    return pd.DataFrame(
        {
            "name": names,
            "path": [
                str(there.get(n, folder / p)) for n, p in zip(names, rows["path"], strict=True)
            ],
            "label": "bonafide",
            "attack": "",
            "speaker": rows["client_id"],
            "split": split,
            "text": rows["sentence"],
        }
    )


DATA = DataSet(
    read,
    "Common Voice",
    "https://commonvoice.mozilla.org/",
    licence="CC0 1.0",
    shortcut="MP3; sentences are read by several speakers",
    shared=("text",),
)
