"""Codecfake: speech through neural codecs and language models that speak through them.

Source: Y. Xie et al., *The Codecfake dataset and countermeasures for the universally detection of
deepfake audio*, 2024. Another data set of nearly the same name is `audio.datasets.codecfake_wu`.
"""

import pandas as pd

from audio.datasets.base import DataSet, below, collect, locate, table
from experiment.errors import DataError

TESTS = tuple(f"C{k}" for k in range(1, 8)) + tuple(f"A{k}" for k in range(1, 4))
SPLITS = {"train": "train", "dev": "dev", **dict.fromkeys(TESTS, "test")}
LABELS = {"real": "bonafide", "fake": "spoof"}


def read(path):
    """Return the manifest of Codecfake.

    Parameters
    ----------
    path : str or Path
        Folder with ``label/{train,dev,C1..C7,A1..A3}.txt``; sound in train/, dev/, test/C1...

    Returns
    -------
    DataFrame
        The attack is the number of the codec (0 is real), in test behind the name of the condition.

    Raises
    ------
    DataError
        If there are no label files, or a label is unknown.
    """
    parts = []
    for name, split in SPLITS.items():
        file = locate(path, f"label/{name}.txt")
        if file is not None:
            parts.append(_condition(file, name, split))
    return collect(parts, path, "codecfake")


def _condition(file, name, split):
    rows = table(file, sep=r"\s+", header=None, names=["clip", "label", "codec"], engine="python")
    unknown = ~rows["label"].isin(LABELS)
    if unknown.any():
        first = rows.loc[unknown, "label"].iloc[0]
        raise DataError(f"{file}: unknown label {first!r}; known are {', '.join(LABELS)}")
    folder = file.parents[1] / (name if split != "test" else f"test/{name}")
    there = {found.name: found for found in below(folder).values()}
    spoof = rows["label"] == "fake"
    prefix = f"{name}-" if split == "test" else ""
    return pd.DataFrame(
        {
            "name": f"{name}/" + rows["clip"].str.rsplit(".", n=1).str[0],
            "path": [str(there.get(clip, folder / clip)) for clip in rows["clip"]],
            "label": rows["label"].map(LABELS),
            "attack": (prefix + rows["codec"]).where(spoof, ""),
            "speaker": [_speaker(clip) for clip in rows["clip"]],
            "split": split,
        }
    )


def _speaker(clip):
    """Return the speaker of ``SSB13650058.wav`` (AISHELL-3), ``p225_001.wav`` (VCTK) or a fake."""
    stem = clip.rsplit(".", 1)[0]
    original = stem.split("_", 1)[1] if stem.startswith("F") and "_" in stem else stem
    return original[:7] if original.startswith("SSB") else original.split("_")[0]


DATA = DataSet(
    read,
    "Codecfake (Xie et al.)",
    "https://github.com/xieyuankun/Codecfake",
    licence="CC BY-NC-ND 4.0",
    shared=("speaker",),
    shortcut="real speech is that of VCTK and AISHELL-3, which many other sets use too",
)
