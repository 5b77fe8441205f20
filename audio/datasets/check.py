"""Whether a copy of a data set is whole."""

from pathlib import Path

import pandas as pd

from audio.clip import read_clip
from audio.datasets import DATASETS
from audio.listing import audio_files
from experiment.errors import DataError, choose
from experiment.progress import track
from experiment.seeds import rng

MISSING = "no such file"


def check(
    dataset: str, path: str | Path, sample: int = 200, seed: int = 0
) -> tuple[pd.DataFrame, dict]:
    """Compare a copy with the official counts and read a sample of it.

    Parameters
    ----------
    dataset : str
        A key of audio.datasets.DATASETS.
    path : str or Path
        Its folder (the starter corpus: its size).
    sample : int
        Clips that are decoded to the end; of all others only the header is read.
    seed : int
        Which clips.

    Returns
    -------
    frame : DataFrame
        The manifest.
    found : dict
        ``counts`` (rows of split, label, found, official or None), ``missing``, ``unreadable``
        (rows of path and reason), ``extra`` (paths that the data set does not list), ``sampled``,
        ``faults`` (sentences; empty if the copy is whole).
    """
    entry = choose(dataset, DATASETS, "data set")
    frame = entry(path)
    rejects = frame.attrs.pop("rejects", pd.DataFrame({"path": [], "reason": []}))
    gone = rejects["reason"] == MISSING
    drawn = frame.iloc[rng(seed, "sample").permutation(len(frame))[:sample]]
    found = {
        "counts": _counts(frame, entry.counts),
        "missing": rejects.loc[gone, "path"].tolist(),
        "unreadable": [*rejects[~gone].to_dict("records"), *_undecodable(drawn["path"])],
        "extra": _extra(frame, rejects, path),
        "sampled": len(drawn),
    }
    return frame, {**found, "faults": list(_faults(found, len(frame)))}


def _counts(frame, official):
    keys = official or {("", label): None for label in ("bonafide", "spoof")}
    rows = []
    for (split, label), known in keys.items():
        chosen = (frame["label"] == label) & ((frame["split"] == split) | (split == ""))
        found = int(chosen.sum())
        rows.append({"split": split or "all", "label": label, "found": found, "official": known})
    return rows


def _undecodable(paths):
    bad = []
    for path in track(list(paths), "decoding a sample"):
        try:
            read_clip(path, strict=True)
        except DataError as error:
            bad.append({"path": path, "reason": str(error).removeprefix(f"{path}: ")})
    return bad


def _extra(frame, rejects, path):
    if not Path(path).is_dir():
        return []
    known = {*frame["path"], *rejects["path"]}
    known |= {str(Path(name).resolve()) for name in known}
    there = ((str(name), str(name.resolve())) for name in audio_files(path))
    return [name for name, resolved in there if name not in known and resolved not in known]


def _faults(found, total):
    for row in found["counts"]:
        if row["official"] not in (None, row["found"]):
            yield (
                f"{row['split']} has {row['found']} of {row['official']} {row['label']} clips: "
                "figures on it are not those of the literature"
            )
    if found["missing"]:
        count, first = len(found["missing"]), found["missing"][0]
        yield f"{count} listed clips are not there, first {first}: unpack or copy them again"
    if found["unreadable"]:
        count, first = len(found["unreadable"]), found["unreadable"][0]
        yield (
            f"{count} clips cannot be read to their end, first {first['path']} "
            f"({first['reason']}); {found['sampled']} of {total} were decoded: copy them again"
        )
