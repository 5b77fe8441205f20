"""ASVspoof 5, track 1: crowdsourced speech, 32 attacks, codecs."""

from audio import protocols
from audio.datasets.base import DataSet, collect, listed, locate

PARTS = {
    "train": ("ASVspoof5.train.tsv", "flac_T"),
    "dev": ("ASVspoof5.dev.track_1.tsv", "flac_D"),
    "test": ("ASVspoof5.eval.track_1.tsv", "flac_E_eval"),
}


def read(path):
    """Return the manifest of ASVspoof 5, track 1.

    Parameters
    ----------
    path : str or Path
        Folder with ``flac_T``, ``flac_D``, ``flac_E_eval`` and the .tsv files (also in a folder of
        their own).

    Returns
    -------
    DataFrame
        Further columns gender, codec, quality, seed, tag.
    """
    parts = []
    for split, (table, name) in PARTS.items():
        protocol = locate(path, table)
        if protocol:
            parts.append(listed(protocols.read(protocol), [locate(path, name)], split, name))
    return collect(parts, path, "asvspoof5")


DATA = DataSet(
    read,
    "ASVspoof 5, track 1",
    "https://zenodo.org/records/14498691",
    {
        ("train", "bonafide"): 18797,
        ("train", "spoof"): 163560,
        ("dev", "bonafide"): 31334,
        ("dev", "spoof"): 109616,
        ("test", "bonafide"): 138688,
        ("test", "spoof"): 542086,
    },
)
