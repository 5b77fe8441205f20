"""ASVspoof 2021: logical access over telephone networks, and deepfakes through media codecs."""

from functools import partial

from audio import protocols
from audio.datasets.base import DataSet, collect, listed, locate
from experiment.errors import DataError

FOLDERS = {
    "LA": ("ASVspoof2021_LA_eval/flac",),
    "DF": tuple(f"{part}ASVspoof2021_DF_eval/flac" for part in ("part0?/", "")),
}


def read(path, task, subset="eval"):
    """Return the manifest of ASVspoof 2021 LA or DF, which have no training data of their own.

    Parameters
    ----------
    path : str or Path
        Folder with the sound (DF: also in part00 to part03) and ``keys/<task>/CM``.
    task : {"LA", "DF"}
        Which of the two.
    subset : {"eval", "progress", "hidden", "all"}
        Trials of which column; results in the literature are on ``eval``.

    Returns
    -------
    DataFrame
        All in test; further columns codec, origin, trim, subset and, for DF, vocoder and others.

    Raises
    ------
    DataError
        If there are no keys, or no trials of the subset.
    """
    keys = locate(path, f"keys/{task}/CM/trial_metadata.txt", f"{task}/CM/trial_metadata.txt")
    if keys is None:
        raise DataError(f"{path}: no keys/{task}/CM/trial_metadata.txt; unpack the keys there")
    rows = protocols.read(keys)
    if subset != "all":
        rows = rows[rows["subset"] == subset]
    if rows.empty:
        raise DataError(f"{keys}: no trials of the subset {subset!r}")
    folders = [folder for pattern in FOLDERS[task] for folder in _every(path, pattern)]
    rows = listed(rows, folders, "test", FOLDERS[task][-1])
    return collect([rows], path, f"asvspoof2021_{task.lower()}")


def _every(path, pattern):
    """Return all folders of a pattern beside the first one that is found."""
    first = locate(path, pattern)
    if first is None:
        return []
    root = first.parents[pattern.count("/")]
    return sorted(root.glob(pattern))


LA = DataSet(
    partial(read, task="LA"),
    "ASVspoof 2021, logical access",
    "https://zenodo.org/record/4837263",
    {("test", "bonafide"): 14816, ("test", "spoof"): 133360},
)
DF = DataSet(
    partial(read, task="DF"),
    "ASVspoof 2021, deepfake",
    "https://zenodo.org/record/4835108",
    {("test", "bonafide"): 14869, ("test", "spoof"): 519059},
)
