"""HAD, half-truth audio detection, and track 2 of ADD 2023, in the same form.

Source: J. Yi et al., *Half-truth: a partially fake audio detection dataset*, Interspeech 2021.
"""

from functools import partial

import pandas as pd

from audio.datasets.base import DataSet, below, collect, locate, table
from audio.segments import text_of
from experiment.errors import DataError

HAD = {
    "train": ("HAD_train_label.txt", ("HAD_train/conbine", "HAD_train/combine")),
    "dev": ("HAD_dev_label.txt", ("HAD_dev/conbine", "HAD_dev/combine")),
    "test": ("HAD_test_label.txt", ("HAD_test/test",)),
}
TRACK_2 = {
    "train": ("train/label.txt", ("train/wav",)),
    "dev": ("dev/label.txt", ("dev/wav",)),
    "test": ("test/label.txt", ("test/wav",)),
}


def read(path, layout, source):
    """Return the manifest of a set of half truths.

    Parameters
    ----------
    path : str or Path
        Folder that the archives unpack to.
    layout : dict
        `HAD` or `TRACK_2`.
    source : str
        Key of the data set.

    Returns
    -------
    DataFrame
        Official splits, with segments; lines are ``name 0.00-1.62-T/1.62-2.48-F 0``.
    """
    parts = []
    for split, (labels, folders) in layout.items():
        file = locate(path, labels, f"*/{labels}")
        if file is not None:
            folder = next((f for name in folders if (f := locate(path, name))), file.parent)
            parts.append(_part(file, folder, split))
    return collect(parts, path, source)


def _part(file, folder, split):
    rows = table(file, sep=r"\s+", header=None, names=["name", "parts", "real"], engine="python")
    there = {found.stem: found for found in below(folder).values()}
    real = rows["real"] == "1"
    return pd.DataFrame(
        {
            "name": rows["name"],
            "path": [str(there.get(name, folder / f"{name}.wav")) for name in rows["name"]],
            "label": real.map({True: "bonafide", False: "spoof"}),
            "attack": pd.Series("partial", rows.index).where(~real, ""),
            "speaker": "",
            "split": split,
            "segments": [_text(file, parts) for parts in rows["parts"]],
        }
    )


def _text(file, told):
    """Return ``0.00-1.62-T/1.62-2.48-F`` in our words: T is bona fide, F spoof."""
    try:
        parts = [part.split("-") for part in told.split("/")]
        edges = [float(parts[0][0]), *(float(end) for _, end, _ in parts)]
        return text_of(edges, [{"T": False, "F": True}[mark] for _, _, mark in parts])
    except (ValueError, KeyError):
        raise DataError(f"{file}: {told[:60]!r} is not start-end-T or start-end-F") from None


DATA = DataSet(
    partial(read, layout=HAD, source="had"),
    "HAD",
    "https://zenodo.org/records/10377492",
    licence="not verified here: see its page",
    shortcut="one word replaced per clip, in the voice of one system",
)
ADD2023_TRACK_2 = DataSet(
    partial(read, layout=TRACK_2, source="add2023_track2"),
    "ADD 2023, track 2",
    "https://zenodo.org/records/12175884",
    licence="CC BY-NC-ND 4.0",
    shortcut="joints; test has noise that train has not",
)
