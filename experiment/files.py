"""Files that are whole or absent: every write is a temporary name, a sync and a rename."""

import errno
import hashlib
import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from experiment.errors import DataError, UsageError

REFUSALS = {
    errno.ENOSPC: "no space is left on the disk; free some and go on with --resume",
    errno.EDQUOT: "the disk quota is used up; free some space and go on with --resume",
    errno.EROFS: "the file system is read-only; choose another folder",
    errno.EACCES: "permission denied; choose a folder that you may use",
    errno.EPERM: "the operation is not permitted; choose a folder that you may use",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ENOTDIR: "a part of it is a file, not a folder; choose another",
    errno.EEXIST: "it is a file, not a folder; choose another",
    errno.EISDIR: "it is a folder, not a file; choose another",
    errno.ELOOP: "its links go round in a circle; choose another",
    errno.ENOTEMPTY: "it is not empty; choose another",
    errno.EMFILE: "too many files are open; raise the limit (ulimit -n)",
    errno.EIO: "the disk reports an error; choose another",
}


def refusal(error, path: str | Path | None = None) -> UsageError | None:
    """Return an OSError as one sentence with a remedy, or None where it is none of `REFUSALS`.

    Parameters
    ----------
    error : OSError
        What the system said.
    path : str or Path, optional
        The file or folder; the one that the error names by default.

    Returns
    -------
    UsageError or None
    """
    reason = REFUSALS.get(error.errno)
    place = error.filename if path is None else path
    return UsageError(f"{_named(place)}: {reason}") if reason else None


def _named(place):
    if place is None:
        return "writing"
    return os.fsdecode(place)


@contextmanager
def unwritable(path):
    """Turn what the system refuses about `path` into a UsageError of one sentence."""
    try:
        yield
    except OSError as error:
        told = refusal(error, path)
        if told is None:
            raise
        raise told from None


@contextmanager
def atomic(path: str | Path):
    """Yield a temporary path beside `path` that takes its name when the block ends well.

    Parameters
    ----------
    path : str or Path
        The file to write; its folder is made.

    Yields
    ------
    Path
        Where to write. It keeps the suffix of `path`, by which libraries choose a format.

    Raises
    ------
    UsageError
        If `path` cannot be written.
    """
    path = Path(path)
    prefix = f".{path.stem[:40]}-"
    with unwritable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=prefix, suffix=path.suffix, dir=path.parent)
        os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with unwritable(path):
            _publish(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _publish(temporary, path):
    with open(temporary, "rb") as file:
        os.fsync(file.fileno())
    umask = os.umask(0)
    os.umask(umask)
    os.chmod(temporary, 0o666 & ~umask)
    os.replace(temporary, path)


def write_text(path, text) -> None:
    """Write `text` as UTF-8, atomically; bytes of a file name that are none are escaped."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace")


def _plain(value):
    """Turn what numpy and pathlib hold into what JSON knows."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"not JSON: {type(value).__name__}")


def dumps(value, indent: int = 1):
    """Return `value` as JSON text; numpy values and paths are welcome."""
    return json.dumps(value, indent=indent, default=_plain, ensure_ascii=False)


def write_json(path, value) -> None:
    """Write `value` as JSON, atomically."""
    write_text(path, dumps(value) + "\n")


def read_json(path):
    """Read a JSON file.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (ValueError, OSError, RecursionError) as error:
        raise DataError(f"{path}: damaged ({reason(error)}); write it again") from None


def reason(error: BaseException, most: int = 200) -> str:
    """Return what an error says as one short line, for a sentence of ours.

    Parameters
    ----------
    error : Exception
        Any.
    most : int
        Characters at most.

    Returns
    -------
    str
        Its first line, or its type where it says nothing.
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    line = lines[0].rstrip(".") if lines else type(error).__name__
    return line if len(line) <= most else f"{line[:most]}..."


def digest(*parts) -> str:
    """Return 16 hexadecimal digits that name the content of `parts`.

    Parameters
    ----------
    *parts : ndarray, bytes, str or anything that JSON holds
        An array counts with its type and shape.

    Returns
    -------
    str
        The first 64 bits of a SHA-256.
    """
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            total.update(f"{part.dtype.str}{part.shape}".encode())
            part = np.ascontiguousarray(part).reshape(-1).view(np.uint8).data  # not a copy
        elif not isinstance(part, bytes):
            part = json.dumps(part, sort_keys=True, default=_plain).encode()
        total.update(len(part).to_bytes(8, "little"))
        total.update(part)
    return total.hexdigest()[:16]


def file_digest(path):
    """Return the SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cache_folder(*parts) -> Path:
    """Return a folder of the platform's cache, made when missing.

    The environment variable ``FAKE_AUDIO_CACHE`` names another root.

    Parameters
    ----------
    *parts : str
        Path below the root.

    Returns
    -------
    Path
        An existing folder.

    Raises
    ------
    UsageError
        If it cannot be made.
    """
    import platformdirs

    root = os.environ.get("FAKE_AUDIO_CACHE") or platformdirs.user_cache_dir("fake-audio")
    folder = Path(root, *map(str, parts))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder}: the cache cannot be written ({error.strerror}); "
            "name another folder in the environment variable FAKE_AUDIO_CACHE"
        ) from None
    return folder
