"""Protocols and key files of the field: which utterances there are, and what they are.

Those of the ASVspoof challenges have no header and differ in their number of columns. Any other
table is understood if one of its columns holds labels alone and one a name for each line.
"""

import csv
from pathlib import Path

import pandas as pd

from experiment.errors import DataError

CLASSES = {
    "bonafide": "bonafide",
    "bona-fide": "bonafide",
    "genuine": "bonafide",
    "real": "bonafide",
    "target": "bonafide",
    "nontarget": "bonafide",
    "spoof": "spoof",
    "fake": "spoof",
}
TRIALS = ("target", "nontarget", "spoof")  # keys of speaker verification
COLUMNS = {
    # ASVspoof 2019; the environment is that of the replay task
    5: ("speaker", "name", "environment", "attack", "label"),
    # ASVspoof 2017; what differs between spoofs is the playback device
    7: ("name", "label", "speaker", "phrase", "environment", "attack", "recorder"),
    # ASVspoof 2021 LA, and DF in its first edition
    8: ("speaker", "name", "codec", "origin", "attack", "label", "trim", "subset"),
    # ASVspoof 5
    10: (
        *("speaker", "name", "gender", "codec", "quality", "seed", "tag"),
        *("attack", "label", "spare"),
    ),
    # ASVspoof 2021 DF, full keys
    13: (
        *("speaker", "name", "codec", "origin", "attack", "label", "trim", "subset"),
        *("vocoder", "task", "team", "gender", "language"),
    ),
}
HEADERS = {  # of tables that have one: In-the-Wild, the key files of ASVspoof 5, arenas of today
    **dict.fromkeys(("file", "filename", "file_name", "utterance", "id", "path"), "name"),
    **dict.fromkeys(("label", "cm-label", "cm_label", "key"), "label"),
    **dict.fromkeys(("speaker", "speaker_id"), "speaker"),
    **dict.fromkeys(("attack", "attack_id", "system"), "attack"),
    **dict.fromkeys(("dataset", "source"), "source"),
}


def read(path: str | Path) -> pd.DataFrame:
    """Read a protocol.

    Parameters
    ----------
    path : str or Path
        A protocol or key file of ASVspoof 2017, 2019, 2021 or 5, In-the-Wild's ``meta.csv``, or any
        table of names and labels, with a header (``filename<TAB>cm-label``, ``file_name,label``) or
        without, parted by commas, tabs or blanks.

    Returns
    -------
    DataFrame
        Columns name (the utterance, without suffix), label, attack (empty for bona fide), speaker,
        and what else the protocol tells, under the names of `COLUMNS`; ``-`` where it does not
        apply.

    Raises
    ------
    DataError
        If the columns are none of these, a label is unknown or an utterance is listed twice.
    """
    path = Path(path)
    rows = fields(path)
    header = [field.lower() for field in rows[0]]
    known = {HEADERS.get(field) for field in header}
    frame = _headed(rows, path) if {"name", "label"} <= known else _plain(rows, path)
    if "speaker" not in frame:
        frame["speaker"] = ""
    trials = frame["label"].where(frame["label"].isin(TRIALS), "")
    frame["label"] = _labels(frame["label"], path)
    if (trials == "nontarget").any():
        frame["trial"] = trials
    attack = frame["attack"] if "attack" in frame else pd.Series("unknown", frame.index)
    frame["attack"] = attack.where(frame["label"] == "spoof", "")
    frame["name"] = frame["name"].str.replace(r"\.(?:wav|flac|mp3|ogg)$", "", regex=True)
    first = ["name", "label", "attack", "speaker"]
    return unique(frame[[*first, *(name for name in frame if name not in first)]], path)


def _headed(rows, path):
    names = [HEADERS.get(field.lower(), field.lower()) for field in rows[0]]
    _same_width(rows, path)
    frame = pd.DataFrame(rows[1:], columns=names)
    return frame.loc[:, ~frame.columns.duplicated()]


def _plain(rows, path):
    """Return a table without header: of ASVspoof by its width, of others by what columns hold."""
    _same_width(rows, path)
    width = len(rows[0])
    if width in COLUMNS:
        return pd.DataFrame(rows, columns=COLUMNS[width]).drop(columns="spare", errors="ignore")
    frame = pd.DataFrame(rows)
    labels = [k for k in frame if frame[k].str.lower().isin(CLASSES).all()]
    names = [k for k in frame if k not in labels and frame[k].is_unique]
    if not labels or not names:
        raise DataError(
            f"{path}: lines of {[width]} columns; protocols of ASVspoof have one of "
            f"{list(COLUMNS)}, others a column of labels ({', '.join(CLASSES)}) and one of names"
        )
    return frame.rename(columns={labels[0]: "label", names[0]: "name"}).rename(columns=str)


def _same_width(rows, path):
    widths = sorted({len(row) for row in rows})
    if len(widths) > 1:
        raise DataError(f"{path}: lines of {widths} columns; every line has the same number")


def _labels(column, path):
    unknown = sorted(set(column) - set(CLASSES))
    if unknown:
        raise DataError(f"{path}: unknown label {unknown[0]!r}; known are {', '.join(CLASSES)}")
    return column.map(CLASSES)


def fields(path):
    """Return the fields of each line that has any, parted by tabs, commas or blanks.

    Raises
    ------
    DataError
        If it cannot be read or is empty.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from None
    lines = [line for line in lines if line.strip()]
    if not lines:
        raise DataError(f"{path}: empty")
    gap = next((mark for mark in ("\t", ",") if mark in lines[0]), None)
    if gap is None:
        return [line.split() for line in lines]
    parsed = csv.reader(lines, delimiter=gap, skipinitialspace=True)
    return [[field.strip() for field in row] for row in parsed]


def unique(frame, path):
    """Return `frame`, read from `path`, if no clip is in it twice.

    Raises
    ------
    DataError
        With the count and the first.
    """
    twice = frame.loc[frame["name"].duplicated(), "name"]
    if len(twice):
        raise DataError(f"{path}: {len(twice)} utterances twice, first {twice.iloc[0]}")
    return frame
