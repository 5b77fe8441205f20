"""Score files and protocols of the ASVspoof challenges: written for the official scorers, and read.

| layout | line of a score file |
|---|---|
| asvspoof2019 | ``utterance attack key score`` |
| asvspoof2021 | ``utterance score`` |
| asvspoof5 | header ``filename<TAB>cm-score``, then ``utterance<TAB>score`` |
"""

import math
from pathlib import Path

import pandas as pd

from audio import manifest, protocols
from experiment.errors import DataError, UsageError
from experiment.files import write_text

LAYOUTS = ("asvspoof2019", "asvspoof2021", "asvspoof5")


def write_scores(path, scores, layout="asvspoof2019"):
    """Write scores as the official scorers read them.

    Parameters
    ----------
    path : str or Path
        The file.
    scores : DataFrame
        With clip and score; asvspoof2019 also takes attack and label.
    layout : str
        One of `LAYOUTS`.

    Raises
    ------
    UsageError
        If the layout is unknown.
    """
    if layout not in LAYOUTS:
        raise UsageError(f"unknown layout {layout!r}; choose one of: {', '.join(LAYOUTS)}")
    gap = "\t" if layout == "asvspoof5" else " "
    lines = ["filename\tcm-score"] if layout == "asvspoof5" else []
    for row in scores.itertuples():
        known = [row.attack or "-", row.label] if layout == "asvspoof2019" else []
        lines.append(gap.join([str(row.name), *known, f"{row.score:.9g}"]))
    write_text(path, "\n".join(lines) + "\n")


def read_scores(path):
    """Read a score file of any of the layouts.

    Parameters
    ----------
    path : str or Path
        Separated by blanks or tabs.

    Returns
    -------
    DataFrame
        Columns clip and score.

    Raises
    ------
    DataError
        Naming the first line that cannot be read, or an utterance that is scored twice.
    """
    rows = []
    for number, fields in enumerate(protocols.fields(path), start=1):
        if number == 1 and fields[-1] == "cm-score":
            continue
        try:
            if len(fields) not in (2, 4):
                raise ValueError
            rows.append((fields[0], _finite(fields[-1])))
        except ValueError:
            raise DataError(
                f"{path}, line {number}: expected 'utterance score' or 'utterance attack key "
                f"score', the score a finite number; received {' '.join(fields)[:80]!r}"
            ) from None
    return protocols.unique(pd.DataFrame(rows, columns=["name", "score"]), path)


def _finite(text):
    score = float(text)
    if not math.isfinite(score):
        raise ValueError
    return score


def read_protocol(path):
    """Read which utterances there are and what they are.

    Parameters
    ----------
    path : str or Path
        A protocol that audio.protocols.read knows, or a manifest (.parquet, .csv or a folder).

    Returns
    -------
    DataFrame
        Columns clip, label, attack, speaker, split, and what else is known.

    Raises
    ------
    DataError
        If it is neither, or an utterance is listed twice.
    """
    path = Path(path)
    if path.is_dir() or path.suffix == ".parquet" or _is_manifest_table(path):
        frame = manifest.load(path)
    else:
        frame = protocols.read(path)
        frame["split"] = frame.get("subset", "test")
    first = ["name", "label", "attack", "speaker", "split"]
    return frame[[*first, *(name for name in frame if name not in first)]]


def _is_manifest_table(path):
    return path.suffix == ".csv" and "path" in protocols.fields(path)[0][0].split(",")


def join(scores, protocol):
    """Return the scores frame of a protocol.

    Parameters
    ----------
    scores, protocol : DataFrame
        From `read_scores` and `read_protocol`.

    Returns
    -------
    DataFrame
        See detect.evaluation.intervals.

    Raises
    ------
    DataError
        If an utterance of the protocol has no score.
    """
    scores = scores.assign(name=scores["name"].str.replace(r"\.(wav|flac)$", "", regex=True))
    joined = protocol.merge(scores[["name", "score"]], on="name", how="left")
    gone = joined.loc[joined["score"].isna(), "name"]
    if len(gone):
        raise DataError(
            f"{len(gone)} of {len(protocol)} utterances have no score, first {gone.iloc[0]}; "
            "score the whole protocol"
        )
    return joined
