"""Which column of somebody's table is which: utterance, score, label and what else is told.

Score files have a header or none; their fields are parted by commas, tabs or blanks. Headers are
recognised by the words that toolkits use; a table without one by its number of columns.
"""

import ast
import math

import pandas as pd

from audio.protocols import fields
from experiment.errors import DataError

LABELS = {
    **dict.fromkeys(("bonafide", "bona-fide", "bona fide", "genuine", "real", "human", "1"), True),
    **dict.fromkeys(("spoof", "fake", "spoofed", "synthetic", "0"), False),
}
HEADERS = {
    "name": (
        *("name", "file", "filename", "file_name", "path", "id", "utt", "utterance", "utt_id"),
        *("clip", "trial", "wav", "audio"),
    ),
    "score": ("score", "scores", "cm-score", "cm_score", "llr", "logit", "prediction"),
    "label": ("label", "cm-label", "cm_label", "key", "target", "class"),
    "attack": ("attack", "attack_id", "attack-id", "system"),
    "speaker": ("speaker", "speaker_id", "spk"),
    "split": ("split", "subset", "phase"),
    "sasv": ("sasv-score", "sasv_score"),
    "asv": ("asv-score", "asv_score"),
}
PLAIN = {  # without a header, by the number of columns
    2: ("name", "score"),
    4: ("name", "attack", "label", "score"),
}
PAIR = "two logits, fake then real"
SUFFIXES = r"\.(?:wav|flac|mp3|ogg|opus|m4a)$"


def table_of(path):
    """Return a text table with the columns that are understood, and a sentence on which they are.

    Parameters
    ----------
    path : str or Path
        Of scores.

    Returns
    -------
    frame : DataFrame of str
        Columns of `HEADERS`, and others under their own names.
    told : str
        Which column was taken for what.

    Raises
    ------
    DataError
        If no column can be taken for the utterance or the score, or lines differ in length.
    """
    rows = fields(path)
    names = _header(rows[0])
    if names is None:
        width = len(rows[0])
        if width not in PLAIN or not _is_number(rows[0][-1]):
            raise DataError(
                f"{path}, line 1: expected 'utterance score', 'utterance attack key score' or a "
                f"header with one of {', '.join(HEADERS['score'])}; received "
                f"{' '.join(rows[0])[:80]!r}"
            )
        names, first = PLAIN[width], 1
    else:
        rows, first = rows[1:], 2
    for number, row in enumerate(rows, start=first):
        if len(row) != len(names):
            raise DataError(
                f"{path}, line {number}: expected {len(names)} fields as in the first line; "
                f"received {' '.join(row)[:80]!r}"
            )
    return pd.DataFrame(rows, columns=list(names), dtype=str), _told(names, first == 2)


def _header(fields):
    """Return the names of columns that a first line gives, or None if it is no header."""
    known = {alias: name for name, aliases in HEADERS.items() for alias in aliases}
    lower = [field.lower() for field in fields]
    if not any(field in HEADERS["name"] for field in lower):
        return None
    if not any(field in HEADERS["score"] + HEADERS["label"] + HEADERS["sasv"] for field in lower):
        return None
    names = []
    for field in lower:
        name = known.get(field, field)
        names.append(name if name not in names else field)
    return names


def _is_number(text):
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _told(names, header):
    said = "by its header" if header else "by its number of columns"
    return f"columns, {said}: {', '.join(names)}"


def numbers(frame, path, first=2):
    """Return the scores of a table as floats, and a word where they are pairs of logits.

    Parameters
    ----------
    frame : DataFrame of str
        With a column ``score``: a number, or ``[fake logit, real logit]``.
    path : str or Path
        Its name in messages.
    first : int
        Line of the first row.

    Returns
    -------
    scores : list of float
        Of a pair, the real logit minus the fake one: a log-odds ratio, higher for bona fide.
    told : str
        `PAIR`, or empty.

    Raises
    ------
    DataError
        Naming the first line without a finite number.
    """
    found, pair = [], False
    for number, text in enumerate(frame["score"], start=first):
        try:
            value = ast.literal_eval(text) if text.startswith("[") else float(text)
            if isinstance(value, list):
                fake, real = map(float, value)
                value, pair = real - fake, True
            if not math.isfinite(value):
                raise ValueError
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            raise DataError(
                f"{path}, line {number}: expected a finite score; received {text[:40]!r}"
            ) from None
        found.append(value)
    return found, PAIR if pair else ""


def label_of(values, path):
    """Return labels in our words, ``bonafide`` or ``spoof``.

    Raises
    ------
    DataError
        Naming the first label that is unknown.
    """
    lower = values.str.lower()
    unknown = values[~lower.isin(LABELS)]
    if len(unknown):
        raise DataError(f"{path}: unknown label {unknown.iloc[0]!r}; known are {', '.join(LABELS)}")
    return lower.map(LABELS).map({True: "bonafide", False: "spoof"})
