"""ADD 2023, track 1.2: fakes to be found in Mandarin, with two rounds of test.

Source: J. Yi et al., *ADD 2023: the second audio deepfake detection challenge*, 2023.
"""

import pandas as pd

from audio.datasets.base import DataSet, below, collect, locate, table
from experiment.errors import DataError

SPLITS = {"train": "train", "dev": "dev", "testR1": "test", "testR2": "test"}
LABELS = {"genuine": "bonafide", "fake": "spoof"}


def read(path):
    """Return the manifest of track 1.2.

    Parameters
    ----------
    path : str or Path
        Folder with ``{train,dev,testR1,testR2}/{wav,label.txt}``.

    Returns
    -------
    DataFrame
        Official splits; the attack is the round, since systems are not told.

    Raises
    ------
    DataError
        If a label is unknown.
    """
    parts = []
    for name, split in SPLITS.items():
        file = locate(path, f"{name}/label.txt")
        if file is not None:
            parts.append(_part(file, name, split))
    return collect(parts, path, "add2023_track1")


def _part(file, name, split):
    rows = table(file, sep=r"\s+", header=None, names=["clip", "label"], engine="python")
    unknown = ~rows["label"].isin(LABELS)
    if unknown.any():
        first = rows.loc[unknown, "label"].iloc[0]
        raise DataError(f"{file}: unknown label {first!r}; known are {', '.join(LABELS)}")
    there = {found.name: found for found in below(file.parent).values()}
    label = rows["label"].map(LABELS)
    return pd.DataFrame(
        {
            "name": rows["clip"].str.removesuffix(".wav"),
            "path": [str(there.get(c, file.parent / "wav" / c)) for c in rows["clip"]],
            "label": label,
            "attack": pd.Series(name, rows.index).where(label == "spoof", ""),
            "speaker": "",
            "split": split,
        }
    )


DATA = DataSet(
    read,
    "ADD 2023, track 1.2",
    "https://zenodo.org/records/12151404",
    licence="CC BY-NC-ND 4.0",
    shortcut="real speech of AISHELL, read in quiet rooms",
)
