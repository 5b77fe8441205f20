"""Fake-or-Real (FoR), in its four versions."""

from functools import partial
from pathlib import Path

import pandas as pd

from audio.datasets.base import DataSet, collect, locate, sounds

SPLITS = {"train": "training", "dev": "validation", "test": "testing"}
LABELS = {"bonafide": "real", "spoof": "fake"}
VERSIONS = {
    "norm": ("for-norm",),
    "2sec": ("for-2seconds", "for-2sec"),
    "rerec": ("for-rerecorded", "for-rerec"),
    "original": ("for-original",),
}


def read(path, version):
    """Return the manifest of one version of Fake-or-Real.

    Parameters
    ----------
    path : str or Path
        Folder with ``training``, ``validation`` and ``testing``, or one above it.
    version : {"norm", "2sec", "rerec", "original"}
        Which; it names the folder.

    Returns
    -------
    DataFrame
        It names neither speakers nor attacks: the attack is unknown.
    """
    root = next((p for name in VERSIONS[version] if (p := _root(path, name))), Path(path))
    parts = [
        _part(root / below / folder, split, label)
        for split, below in SPLITS.items()
        for label, folder in LABELS.items()
    ]
    return collect([part for part in parts if len(part)], path, f"for_{version}")


def _root(path, name):
    found = locate(path, f"{name}/training")
    return found.parent if found else None


def _part(folder, split, label):
    where = "/".join(folder.parts[-2:])
    rows = [(f"{where}/{stem}", str(found)) for stem, found in sounds(folder).items()]
    attack = "unknown" if label == "spoof" else ""
    return pd.DataFrame(rows, columns=["name", "path"]).assign(
        label=label, attack=attack, speaker="", split=split
    )


def _version(version, counts=None):
    title = f"Fake-or-Real, {VERSIONS[version][0]}"
    address = "https://bil.eecs.yorku.ca/datasets/"
    return DataSet(partial(read, version=version), title, address, counts or {})


NORM = _version(
    "norm",
    {
        ("train", "bonafide"): 26941,
        ("train", "spoof"): 26927,
        ("dev", "bonafide"): 5400,
        ("dev", "spoof"): 5398,
        ("test", "bonafide"): 2264,
        ("test", "spoof"): 2370,
    },
)
TWO_SECONDS, RERECORDED, ORIGINAL = map(_version, ("2sec", "rerec", "original"))
