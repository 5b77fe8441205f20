"""Score files and protocols of the ASVspoof challenges: written for the official scorers, and read.

| layout | line of a score file |
|---|---|
| asvspoof2019 | ``utterance attack key score`` |
| asvspoof2021 | ``utterance score`` |
| asvspoof5 | header ``filename<TAB>cm-score``, then ``utterance<TAB>score`` |
"""

from pathlib import Path

import pandas as pd

from audio import manifest, protocols
from detect.evaluation import columns
from experiment.errors import DataError, UsageError
from experiment.files import write_text

MORE = ("source", "codec", "language", "gender", "duration")  # columns worth judging apart
SYSTEMS = ("sasv", "asv")  # scores beside those of the detector
DEFAULTS = {"speaker": "", "split": "test"}
LAYOUTS = ("asvspoof2019", "asvspoof2021", "asvspoof5")


def write_scores(path, scores, layout="asvspoof2019"):
    """Write scores as the official scorers read them.

    Parameters
    ----------
    path : str or Path
        The file.
    scores : DataFrame
        With name and score; asvspoof2019 also takes attack and label.
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
    """Read a score file of any of the layouts, or of another toolkit.

    Parameters
    ----------
    path : str or Path
        Fields parted by commas, tabs or blanks: ``utterance score``, the layouts above, or any
        table whose header names utterance and score (``file,score``; ``ID,Score,Label`` with
        ``[fake logit, real logit]``; what detect.py --csv writes). See
        `detect.evaluation.columns`.

    Returns
    -------
    DataFrame
        Columns name and score, and label, attack, speaker where the file tells them; which column
        was taken for which is in ``frame.attrs["told"]``.

    Raises
    ------
    DataError
        Naming the first line that cannot be read, or an utterance that is scored twice.
    """
    frame, told = columns.table_of(path)
    if "score" not in frame:
        raise DataError(f"{path}: no column of scores; {told}")
    frame["score"], pair = columns.numbers(frame, path, 2 if "header" in told else 1)
    frame["name"] = frame["name"].str.replace(columns.SUFFIXES, "", regex=True)
    if "label" in frame:
        frame["label"] = columns.label_of(frame["label"], path)
    kept = [name for name in (*columns.HEADERS, *MORE) if name in frame]
    frame = protocols.unique(frame[kept], path)
    frame.attrs["told"] = f"{told}{f'; scores are {pair}' if pair else ''}"
    return frame


def read_protocol(path):
    """Read which utterances there are and what they are.

    Parameters
    ----------
    path : str or Path
        A protocol that audio.protocols.read knows, or a manifest (.parquet, .csv or a folder).

    Returns
    -------
    DataFrame
        Columns name, label, attack, speaker, split, and what else is known.

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
    return path.suffix == ".csv" and {"path", "label", "split"} <= set(protocols.fields(path)[0])


def join(scores, protocol):
    """Return the scores frame of a protocol.

    Parameters
    ----------
    scores, protocol : DataFrame
        From `read_scores` and `read_protocol`. Utterances are matched by name; where the protocol
        is a manifest also by path, and by the file's name without folder and suffix.

    Returns
    -------
    DataFrame
        See detect.evaluation.intervals.

    Raises
    ------
    DataError
        If an utterance of the protocol has no score.
    """
    known = scores.set_index("name")["score"]
    found = max((key.map(known) for key in _keys(protocol)), key=lambda column: column.count())
    gone = protocol.loc[found.isna(), "name"]
    if len(gone):
        raise DataError(
            f"{len(gone)} of {len(protocol)} utterances have no score, first {gone.iloc[0]}; "
            "score the whole protocol"
        )
    more = {name: _matched(scores, protocol, name) for name in SYSTEMS if name in scores}
    return protocol.assign(score=found, **more)


def _matched(scores, protocol, name):
    known = pd.to_numeric(scores.set_index("name")[name], errors="coerce")
    return protocol["name"].map(known)


def _keys(protocol):
    """Yield under which names the score file may know the utterances of a protocol."""
    yield protocol["name"]
    if "path" in protocol:
        paths = protocol["path"].astype(str).str.replace(columns.SUFFIXES, "", regex=True)
        yield paths
        stems = paths.str.rsplit("/", n=1).str[-1]
        if stems.is_unique:
            yield stems


def read_judged(path, truth=None):
    """Read scores together with the truth.

    Parameters
    ----------
    path : str or Path
        For `read_scores`.
    truth : str or Path, optional
        For `read_protocol`; not needed where the score file tells labels.

    Returns
    -------
    DataFrame, str
        The scores frame, and which column was taken for which.
    """
    scores = read_scores(path)
    told = f"{path}: {scores.attrs['told']}"
    return labelled(scores) if truth is None else join(scores, read_protocol(truth)), told


def labelled(scores):
    """Return the scores frame of a score file that tells the labels itself.

    Parameters
    ----------
    scores : DataFrame
        From `read_scores`.

    Returns
    -------
    DataFrame
        See detect.evaluation.intervals; attack is ``unknown`` and speaker empty where not told.

    Raises
    ------
    DataError
        If it has no column of labels.
    """
    if "label" not in scores:
        raise DataError("the score file tells no labels; name a protocol, key file or manifest too")
    spoof = scores["label"] == "spoof"
    attack = scores["attack"] if "attack" in scores else pd.Series("unknown", scores.index)
    known = {name: scores.get(name, default) for name, default in DEFAULTS.items()}
    return scores.assign(**known, attack=attack.where(spoof, ""))
