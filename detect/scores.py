"""Score files and protocols of the ASVspoof challenges: written for the official scorers, and read.

| layout | line of a score file |
|---|---|
| asvspoof2019 | ``utterance attack key score`` |
| asvspoof2021 | ``utterance score`` |
| asvspoof5 | header ``filename<TAB>cm-score``, then ``utterance<TAB>score`` |
"""

from pathlib import Path

import pandas as pd

from audio import manifest
from experiment.errors import DataError, UsageError
from experiment.files import write_text

LAYOUTS = ("asvspoof2019", "asvspoof2021", "asvspoof5")
CLASSES = {
    "bonafide": "bonafide",
    "bona-fide": "bonafide",
    "genuine": "bonafide",
    "spoof": "spoof",
}
PROTOCOLS = {  # columns: utterance, label, attack, speaker, split of each known number of columns
    5: (1, 4, 3, 0, None),  # ASVspoof 2019 LA
    7: (0, 1, 5, 2, None),  # ASVspoof 2017; what differs between spoofs is the playback device
    8: (1, 5, 4, 0, 7),  # ASVspoof 2021 LA and DF
    10: (1, 8, 7, 0, None),  # ASVspoof 5
    13: (1, 5, 4, 0, 7),  # ASVspoof 2021 DF, full keys
}


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
        lines.append(gap.join([str(row.clip), *known, f"{row.score:.9g}"]))
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
    for number, fields in enumerate(_fields(path), start=1):
        if number == 1 and fields[-1] == "cm-score":
            continue
        try:
            if len(fields) not in (2, 4):
                raise ValueError
            rows.append((fields[0], float(fields[-1])))
        except ValueError:
            raise DataError(
                f"{path}, line {number}: expected 'utterance score' or "
                f"'utterance attack key score'; received {' '.join(fields)[:80]!r}"
            ) from None
    return _unique(pd.DataFrame(rows, columns=["clip", "score"]), path)


def read_protocol(path):
    """Read which utterances there are and what they are.

    Parameters
    ----------
    path : str or Path
        A protocol or key file of ASVspoof 2017, 2019, 2021 or 5, told apart by the number of
        columns; In-the-Wild's ``meta.csv``; or a manifest (.parquet, .csv or a folder).

    Returns
    -------
    DataFrame
        Columns clip, label, attack, speaker, split.

    Raises
    ------
    DataError
        If the columns are none of these, or an utterance is listed twice.
    """
    path = Path(path)
    columns = ["clip", "label", "attack", "speaker", "split"]
    if path.suffix == ".csv" and path.is_file() and _first_line(path) == "file,speaker,label":
        return _unique(_in_the_wild(path), path)
    if manifest.is_manifest(path):
        return manifest.load(path)[columns]
    rows = list(_fields(path))
    widths = {len(fields) for fields in rows}
    if len(widths) != 1 or not widths <= set(PROTOCOLS):
        raise DataError(
            f"{path}: lines of {sorted(widths)} columns; protocols have one of {list(PROTOCOLS)}"
        )
    places = PROTOCOLS[widths.pop()]
    found = [[fields[k] if k is not None else "test" for k in places] for fields in rows]
    frame = pd.DataFrame(found, columns=columns)
    frame["label"] = _labels(frame["label"], path)
    frame["attack"] = frame["attack"].where(frame["label"] == "spoof", "")
    frame["clip"] = frame["clip"].str.removesuffix(".wav")
    return _unique(frame, path)


def join(scores, protocol):
    """Return the scores frame of a protocol.

    Parameters
    ----------
    scores, protocol : DataFrame
        From `read_scores` and `read_protocol`.

    Returns
    -------
    DataFrame
        See detect.evaluation.

    Raises
    ------
    DataError
        If an utterance of the protocol has no score.
    """
    scores = scores.assign(clip=scores["clip"].str.replace(r"\.(wav|flac)$", "", regex=True))
    joined = protocol.merge(scores[["clip", "score"]], on="clip", how="left")
    gone = joined.loc[joined["score"].isna(), "clip"]
    if len(gone):
        raise DataError(
            f"{len(gone)} of {len(protocol)} utterances have no score, first {gone.iloc[0]}; "
            "score the whole protocol"
        )
    return joined


def _first_line(path):
    with open(path, encoding="utf-8") as file:
        return file.readline().strip()


def _in_the_wild(path):
    table = pd.read_csv(path, keep_default_na=False)
    label = _labels(table["label"], path)
    return pd.DataFrame(
        {
            "clip": table["file"].str.removesuffix(".wav"),
            "label": label,
            "attack": label.map({"bonafide": "", "spoof": "unknown"}),
            "speaker": table["speaker"],
            "split": "test",
        }
    )


def _labels(column, path):
    unknown = sorted(set(column) - set(CLASSES))
    if unknown:
        raise DataError(f"{path}: unknown label {unknown[0]!r}; known are {', '.join(CLASSES)}")
    return column.map(CLASSES)


def _fields(path):
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from None
    if not any(line.strip() for line in lines):
        raise DataError(f"{path}: empty")
    return [line.split() for line in lines if line.strip()]


def _unique(frame, path):
    twice = frame.loc[frame["clip"].duplicated(), "clip"]
    if len(twice):
        raise DataError(f"{path}: {len(twice)} utterances twice, first {twice.iloc[0]}")
    return frame
