"""Protocols and key files of the field: which utterances there are, and what they are.

Those of the ASVspoof challenges have no header and are told apart by their number of columns.
"""

from pathlib import Path

import pandas as pd

from experiment.errors import DataError
from experiment.files import reason

CLASSES = {
    "bonafide": "bonafide",
    "bona-fide": "bonafide",
    "genuine": "bonafide",
    "spoof": "spoof",
}
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
HEADER = "file,speaker,label"  # of In-the-Wild's meta.csv


def read(path):
    """Read a protocol.

    Parameters
    ----------
    path : str or Path
        A protocol or key file of ASVspoof 2017, 2019, 2021 or 5, or In-the-Wild's ``meta.csv``.

    Returns
    -------
    DataFrame
        Columns clip (the utterance, without suffix), label, attack (empty for bona fide), speaker,
        and what else the protocol tells, under the names of `COLUMNS`; ``-`` where it does not
        apply.

    Raises
    ------
    DataError
        If the columns are none of these, a label is unknown or an utterance is listed twice.
    """
    path = Path(path)
    rows = fields(path)
    wild = "".join(rows[0]) == HEADER
    frame = _in_the_wild(path) if wild else _asvspoof(rows, path)
    frame["label"] = _labels(frame["label"], path)
    attack = frame["attack"] if "attack" in frame else pd.Series("unknown", frame.index)
    frame["attack"] = attack.where(frame["label"] == "spoof", "")
    frame["name"] = frame["name"].str.replace(r"\.(?:wav|flac)$", "", regex=True)
    first = ["name", "label", "attack", "speaker"]
    return unique(frame[[*first, *(name for name in frame if name not in first)]], path)


def _asvspoof(rows, path):
    widths = {len(row) for row in rows}
    if len(widths) != 1 or not widths <= set(COLUMNS):
        raise DataError(
            f"{path}: lines of {sorted(widths)} columns; protocols have one of {list(COLUMNS)}"
        )
    names = COLUMNS[widths.pop()]
    return pd.DataFrame(rows, columns=names).drop(columns="spare", errors="ignore")


def _in_the_wild(path):
    try:
        frame = pd.read_csv(path, keep_default_na=False, dtype=str)
    except ValueError as error:
        raise DataError(f"{path}: damaged ({reason(error)})") from None
    return frame.rename(columns={"file": "name"})


def _labels(column, path):
    unknown = sorted(set(column) - set(CLASSES))
    if unknown:
        raise DataError(f"{path}: unknown label {unknown[0]!r}; known are {', '.join(CLASSES)}")
    return column.map(CLASSES)


def fields(path):
    """Return the words of each line of a text file that has any.

    Raises
    ------
    DataError
        If it cannot be read or is empty.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from None
    if not any(line.strip() for line in lines):
        raise DataError(f"{path}: empty")
    return [line.split() for line in lines if line.strip()]


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
