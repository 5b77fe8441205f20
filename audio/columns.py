"""Columns of a table as they were meant: what names something is text, 007 is not 7."""

from pathlib import Path

import pandas as pd

from experiment.errors import DataError
from experiment.files import reason

TEXT = (
    *("name", "path", "label", "attack", "copy_of", "speaker", "text", "source", "split"),
    *("segments", "flags", "clip"),
)
NUMBERS = ("duration", "rate")


def read_table(path, **options):
    """Read a .parquet, .csv or other delimited table.

    Parameters
    ----------
    path : str or Path
        The file.
    **options
        Of `pandas.read_csv`.

    Returns
    -------
    DataFrame
        Columns of `TEXT` hold text; of a delimited file, those of `NUMBERS` hold numbers, and
        others do where every value is written as the number would be.

    Raises
    ------
    DataError
        If it is missing or damaged, or a text column holds what is no text.
    """
    path = Path(path)
    try:
        if path.suffix == ".parquet":
            return _texts(path, pd.read_parquet(path))
        options = {"dtype": str, "keep_default_na": False, **options}
        frame = pd.read_csv(path, **options)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except DataError:
        raise
    except Exception as error:  # a flipped bit in Parquet reaches any line of pyarrow and pandas
        raise DataError(f"{path}: damaged ({reason(error)}); build it again") from None
    return frame.apply(_meant) if len(frame) else frame


def printable(name):
    """Return a file name as text that any table and file can hold: odd bytes are escaped."""
    return str(name).encode("utf-8", "backslashreplace").decode()


def require_text(names):
    """Refuse file names that no table can hold: those whose bytes are not UTF-8.

    Parameters
    ----------
    names : iterable of str or Path
        Of files.

    Raises
    ------
    DataError
        Naming the first.
    """
    for name in names:
        try:
            str(name).encode()
        except UnicodeEncodeError:
            raise DataError(f"{printable(name)}: its name is not UTF-8; rename the file") from None


def _meant(column):
    """Return a column of text as numbers where it holds some."""
    if column.name in TEXT:
        return column
    numbers = pd.to_numeric(column, errors="coerce")
    if numbers.isna().any():
        return column
    exact = column.name in NUMBERS or (numbers.astype(str) == column).all()
    return numbers if exact else column


def _texts(path, frame):
    """Return a frame whose text columns hold text, with an empty one where nothing is known."""
    frame = frame.copy()
    for name in frame.columns.intersection(TEXT):
        frame[name] = [_text(path, name, row, value) for row, value in enumerate(frame[name])]
    return frame


def _text(path, name, row, value):
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (int, float)) or pd.api.types.is_number(value):
        return str(value)
    raise DataError(
        f"{path}: {name} of row {row} is {reason(repr(value), 40)}, which is no text; "
        "build it again"
    )
