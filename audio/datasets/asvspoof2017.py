"""ASVspoof 2017, version 2: replayed speech."""

from audio import protocols
from audio.datasets.base import DataSet, collect, listed, locate

PARTS = {"train": "train.trn", "dev": "dev.trl", "test": "eval.trl"}


def read(path):
    """Return the manifest of ASVspoof 2017 V2.

    Parameters
    ----------
    path : str or Path
        Folder with ``ASVspoof2017_V2_train`` and its like, and ``protocol_V2``.

    Returns
    -------
    DataFrame
        The attack is the playback device; further columns phrase, environment, recorder.
    """
    parts = []
    for split, end in PARTS.items():
        protocol = locate(path, f"protocol_V2/ASVspoof2017_V2_{end}.txt")
        if protocol:
            name = f"ASVspoof2017_V2_{end.split('.')[0]}"
            rows = protocols.read(protocol)
            parts.append(listed(rows, [locate(path, name)], split, name))
    return collect(parts, path, "asvspoof2017")


DATA = DataSet(
    read,
    "ASVspoof 2017, version 2",
    "https://datashare.ed.ac.uk/handle/10283/3055",
    {
        ("train", "bonafide"): 1507,
        ("train", "spoof"): 1507,
        ("dev", "bonafide"): 760,
        ("dev", "spoof"): 950,
        ("test", "bonafide"): 1298,
        ("test", "spoof"): 12008,
    },
)
