"""DFADD: fakes of diffusion and flow-matching systems against VCTK.

Source: J. Du et al., *DFADD: the diffusion and flow-matching based audio deepfake dataset*, 2024.
"""

from audio.datasets.base import DataSet, clips_of, collect, locate, sounds
from experiment.errors import DataError
from experiment.progress import say

REAL = "DATASET_VCTK_BONAFIDE"
SPLITS = {"train": "train", "valid": "dev", "test": "test"}
REISSUE = "copies from before April 2025 have other labels: compare the date of yours"


def read(path):
    """Return the manifest of DFADD.

    Parameters
    ----------
    path : str or Path
        Folder with ``DATASET_<System>/{train,valid,test}`` and ``DATASET_VCTK_BONAFIDE``.

    Returns
    -------
    DataFrame
        Official splits; the attack is the system.

    Raises
    ------
    DataError
        If there is no such folder.
    """
    first = locate(path, "DATASET_*")
    if first is None:
        raise DataError(f"{path}: no DATASET_<System> folders; unpack DFADD there")
    say(f"{path}: {REISSUE}")
    parts = []
    for folder in sorted(first.parent.glob("DATASET_*")):
        system = folder.name.removeprefix("DATASET_")
        real = folder.name == REAL
        for name, split in SPLITS.items():
            parts.append(
                clips_of(
                    sounds(folder / name), "bonafide" if real else "spoof",
                    attack="" if real else system, speaker=lambda key: key.split("_")[0],
                    split=split, text=lambda key: "_".join(key.split("_")[:2]),
                    prefix=f"{system}/{name}/",
                )
            )  # fmt: skip
    return collect([part for part in parts if len(part)], path, "dfadd")


DATA = DataSet(
    read,
    "DFADD",
    "https://github.com/isjwdu/DFADD",
    licence="MIT",
    shared=("speaker", "text"),
    shortcut="fakes at 16 to 24 kHz, VCTK resampled",
)
