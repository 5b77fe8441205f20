"""Speech Commands, and SC09, its digits: real speech only, for generators and distances."""

from functools import partial

import pandas as pd

from audio.datasets.base import DataSet, collect, locate, sounds
from experiment.errors import DataError

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LISTS = {"dev": "validation_list.txt", "test": "testing_list.txt"}


def read(path, words=(), source="speech_commands"):
    """Return the manifest of Speech Commands.

    Parameters
    ----------
    path : str or Path
        Folder with a folder for each word, ``validation_list.txt`` and ``testing_list.txt``.
    words : sequence of str
        Which words; all by default.
    source : str
        What to write in this column.

    Returns
    -------
    DataFrame
        Bona fide only; what neither list names is train. Further column word.

    Raises
    ------
    DataError
        If the lists are missing.
    """
    lists = {split: locate(path, name) for split, name in LISTS.items()}
    missing = [LISTS[split] for split, found in lists.items() if found is None]
    if missing:
        raise DataError(f"{path}: no {' and no '.join(missing)}; unpack the whole archive")
    root = lists["dev"].parent
    known = {name: split for split, found in lists.items() for name in found.read_text().split()}
    folders = [root / word for word in words] if words else sorted(root.iterdir())
    rows = [
        _row(found, known)
        for folder in folders
        if not folder.name.startswith(("_", "."))
        for found in sounds(folder).values()
    ]
    parts = [pd.DataFrame(rows).assign(label="bonafide", attack="")] if rows else []
    return collect(parts, path, source)


def _row(path, known):
    word = path.parent.name
    return {
        "name": f"{word}/{path.stem}",
        "path": str(path),
        "word": word,
        "speaker": path.stem.split("_")[0],
        "split": known.get(f"{word}/{path.name}", "train"),
    }


ADDRESS = "http://download.tensorflow.org/data/speech_commands_v0.02.tar.gz"
ALL = DataSet(read, "Speech Commands, version 0.02", ADDRESS, {("", "bonafide"): 105829})
SC09 = DataSet(partial(read, words=DIGITS, source="sc09"), "SC09", ADDRESS)
