"""Archives from anywhere: how large they unpack is known before anything is unpacked."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from experiment.errors import DataError
from experiment.files import reason

MOST = 4 * 10**9  # bytes when unpacked
SMALL = 64 << 20  # bytes that any archive may unpack to
TIMES = 100  # a larger one unpacks to at most so many times its size; weights hardly shrink
MEMBERS = 100_000


def require_small(path: str | Path, remedy: str = "restore it") -> None:
    """Refuse a zip archive that would unpack to more than it can honestly hold.

    Parameters
    ----------
    path : str or Path
        The archive.
    remedy : str
        What to do where it is damaged.

    Raises
    ------
    DataError
        If it is missing, no archive, or too large when unpacked.
    """
    path = Path(path)
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except Exception as error:  # a flipped bit is a version or a method that zipfile does not know
        raise DataError(f"{path}: damaged ({reason(error)}); {remedy}") from None
    size = sum(member.file_size for member in members)
    if size > min(MOST, max(SMALL, TIMES * path.stat().st_size)) or len(members) > MEMBERS:
        raise DataError(
            f"{path}: unpacks to {size / 1e9:.1f} GB from {path.stat().st_size / 1e6:.1f} MB; "
            "that is no file of ours, delete it"
        )


def read(path: str | Path, remedy: str = "restore it") -> dict[str, np.ndarray]:
    """Return the arrays of an npz file; nothing in it can run code.

    Parameters
    ----------
    path : str or Path
        The file.
    remedy : str
        What to do where it is damaged.

    Returns
    -------
    dict of str to ndarray
        Its arrays, by name.

    Raises
    ------
    DataError
        If it is missing, damaged, or too large when unpacked.
    """
    require_small(path, remedy)
    try:
        with np.load(path, allow_pickle=False) as kept:
            return dict(kept)
    except Exception as error:  # zipfile, zlib and numpy have a dozen kinds for a flipped bit
        raise DataError(f"{path}: damaged ({reason(error)}); {remedy}") from None


def require_finite(
    path: str | Path, arrays: Iterable[np.ndarray], remedy: str = "restore it"
) -> None:
    """Refuse arrays that hold NaN or infinities.

    Parameters
    ----------
    path : str or Path
        Where they come from.
    arrays : iterable of ndarray
        Any.
    remedy : str
        What to do.

    Raises
    ------
    DataError
        With how many of the numbers are not finite.
    """
    for array in arrays:
        if array.dtype.kind not in "fc":
            continue
        bad = array.size - int(np.isfinite(array).sum())
        if bad:
            raise DataError(f"{path}: {bad} numbers are not finite; {remedy}")
