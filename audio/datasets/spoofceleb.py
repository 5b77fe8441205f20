"""SpoofCeleb: VoxCeleb1 and speech of 23 systems trained on it.

Source: J. Jung et al., *SpoofCeleb: speech deepfake detection and SASV in the wild*, 2025.
"""

import pandas as pd

from audio.datasets.base import DataSet, collect, locate, require_columns, table

SPLITS = {"train": "train", "development": "dev", "evaluation": "test"}
REAL = "a00"


def read(path):
    """Return the manifest of SpoofCeleb.

    Parameters
    ----------
    path : str or Path
        Folder with ``flac/`` and ``metadata/``.

    Returns
    -------
    DataFrame
        Official splits; the attack is that of the metadata, a00 being bona fide.
    """
    parts = []
    for folder, split in SPLITS.items():
        file = locate(path, f"metadata/{folder}.csv")
        if file is None:
            continue
        rows = table(file)
        require_columns(rows, file, "file", "speaker", "attack")
        sound = file.parents[1] / "flac" / folder
        real = rows["attack"] == REAL
        parts.append(
            pd.DataFrame(
                {
                    "name": f"{folder}/" + rows["file"].str.removesuffix(".flac"),
                    "path": [str(sound / name) for name in rows["file"]],
                    "label": real.map({True: "bonafide", False: "spoof"}),
                    "attack": rows["attack"].where(~real, ""),
                    "speaker": rows["speaker"],
                    "split": split,
                }
            )
        )
    return collect(parts, path, "spoofceleb")


DATA = DataSet(
    read,
    "SpoofCeleb",
    "https://jungjee.github.io/spoofceleb/",
    {
        ("train", "bonafide"): 230948, ("train", "spoof"): 2309473,
        ("dev", "bonafide"): 7963, ("dev", "spoof"): 47778,
        ("test", "bonafide"): 9113, ("test", "spoof"): 82017,
    },
    licence="CC BY 4.0",
    shortcut="real speech from video, with music and noise that fakes inherit in part",
)  # fmt: skip
