"""ASVspoof 2019, logical access: speech synthesis and voice conversion."""

from audio import protocols
from audio.datasets.base import DataSet, collect, listed, locate

PARTS = {"train": "train.trn", "dev": "dev.trl", "test": "eval.trl"}


def read(path):
    """Return the manifest of ASVspoof 2019 LA.

    Parameters
    ----------
    path : str or Path
        Folder ``LA``, with ``ASVspoof2019_LA_train`` and its like.

    Returns
    -------
    DataFrame
        The attacks of test, A07 to A19, are not those of train and dev.
    """
    parts = []
    for split, end in PARTS.items():
        protocol = locate(path, f"ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.{end}.txt")
        if protocol:
            name = f"ASVspoof2019_LA_{end.split('.')[0]}/flac"
            rows = protocols.read(protocol).drop(columns="environment")
            parts.append(listed(rows, [locate(path, name)], split, name))
    return collect(parts, path, "asvspoof2019_la")


DATA = DataSet(
    read,
    "ASVspoof 2019, logical access",
    "https://datashare.ed.ac.uk/handle/10283/3336",
    {
        ("train", "bonafide"): 2580,
        ("train", "spoof"): 6 * 3800,
        ("dev", "bonafide"): 2548,
        ("dev", "spoof"): 6 * 3716,
        ("test", "bonafide"): 7355,
        ("test", "spoof"): 13 * 4914,
    },
)
