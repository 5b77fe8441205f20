"""PartialSpoof: utterances of ASVspoof 2019 LA in which parts are replaced.

Source: L. Zhang et al., *The PartialSpoof database and countermeasures for the detection of short
fake speech segments embedded in an utterance*, IEEE/ACM TASLP 2023.
"""

import pandas as pd

from audio.datasets.base import DataSet, collect, locate, sounds, table
from audio.segments import text_of
from experiment.errors import DataError

SPLITS = {"train": "train", "dev": "dev", "eval": "test"}
PROTOCOL = "protocols/PartialSpoof_LA_cm_protocols/PartialSpoof.LA.cm.{}.trl.txt"


def read(path):
    """Return the manifest of PartialSpoof.

    Parameters
    ----------
    path : str or Path
        Folder ``database``, with ``<part>/con_wav``, ``protocols`` and, for the segments, RTTM
        files ``<part>/rttm_*.txt`` or ``segment_labels/<part>.rttm``. The pickled .npy labels are
        not read: they could run code.

    Returns
    -------
    DataFrame
        Official splits; segments are empty where there is no RTTM.

    Raises
    ------
    DataError
        If a label is unknown.
    """
    parts = []
    for name, split in SPLITS.items():
        file = locate(path, PROTOCOL.format(name))
        if file is not None:
            parts.append(_part(file, name, split))
    return collect(parts, path, "partialspoof")


def _part(file, name, split):
    rows = table(file, sep=r"\s+", header=None, engine="python").iloc[:, :5]
    rows.columns = ["speaker", "name", "environment", "attack", "label"]
    if not rows["label"].isin(("bonafide", "spoof")).all():
        raise DataError(f"{file}: labels other than bonafide and spoof")
    home = file.parents[2] / name
    there = sounds(home / "con_wav")
    told = _segments(home)
    real = rows["label"] == "bonafide"
    return rows[["name", "speaker", "label"]].assign(
        path=[str(there.get(clip, home / "con_wav" / f"{clip}.wav")) for clip in rows["name"]],
        attack=pd.Series("partial", rows.index).where(~real, ""),
        split=split,
        segments=[told.get(clip, "") for clip in rows["name"]],
    )


def _segments(home):
    """Return the parts of each clip from RTTM files: name in column 2, start, length, label."""
    files = [*home.glob("*rttm*"), *home.parent.glob(f"segment_labels/{home.name}*.rttm")]
    found = {}
    for file in sorted(files):
        for line in file.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if len(words) > 7:
                start, length = float(words[3]), float(words[4])
                found.setdefault(words[1], []).append((start, start + length, words[7]))
    return {name: _text(sorted(parts)) for name, parts in found.items()}


def _text(parts):
    edges = [parts[0][0], *(end for _, end, _ in parts)]
    return text_of(edges, [label == "spoof" for _, _, label in parts])


DATA = DataSet(
    read,
    "PartialSpoof",
    "https://zenodo.org/records/5766198",
    {
        ("train", "bonafide"): 2580, ("train", "spoof"): 22800,
        ("dev", "bonafide"): 2548, ("dev", "spoof"): 22296,
        ("test", "bonafide"): 7355, ("test", "spoof"): 63882,
    },
    licence="CC BY 4.0",
    shortcut="joints: what cuts and joins tells as much as what is joined",
)  # fmt: skip
