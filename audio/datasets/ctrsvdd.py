"""CtrSVDD: singing voices, real and synthesised, in controlled conditions.

Source: Y. Zang et al., *CtrSVDD: a benchmark dataset and baseline analysis for controlled singing
voice deepfake detection*, Interspeech 2024.
"""

import pandas as pd

from audio.datasets.base import DataSet, collect, locate, sounds, table
from experiment.errors import DataError

SPLITS = {
    "train": ("train_set", "train.txt"),
    "dev": ("dev_set", "dev.txt"),
    "test": ("test_set", "test.txt"),
}


def read(path):
    """Return the manifest of CtrSVDD.

    Parameters
    ----------
    path : str or Path
        Folder with ``{train,dev,test}_set`` and ``{train,dev,test}.txt``; column 2 is the singer,
        3 the clip, 6 the attack or ``bonafide``.

    Returns
    -------
    DataFrame
        Official splits.

    Raises
    ------
    DataError
        If a table has fewer than six columns.
    """
    parts = []
    for split, (folder, name) in SPLITS.items():
        file = locate(path, name, f"{folder}/{name}")
        if file is not None:
            parts.append(_part(file, locate(path, folder), split))
    return collect(parts, path, "ctrsvdd")


def _part(file, folder, split):
    rows = table(file, sep=r"\s+", header=None, engine="python")
    if rows.shape[1] < 6:
        raise DataError(f"{file}: {rows.shape[1]} columns; expected six")
    there = sounds(folder)
    clip, attack = rows[2], rows[5]
    real = attack == "bonafide"
    return pd.DataFrame(
        {
            "name": clip,
            "path": [str(there.get(name, f"{folder}/{name}.flac")) for name in clip],
            "label": real.map({True: "bonafide", False: "spoof"}),
            "attack": attack.where(~real, ""),
            "speaker": rows[1],
            "split": split,
        }
    )


DATA = DataSet(
    read,
    "CtrSVDD",
    "https://zenodo.org/records/10467648",
    licence="not verified here: see its page",
    shortcut="singing; accompaniment is removed by a separator that leaves traces in both classes",
)
