"""Files that are whole or absent: every write is a temporary name, a sync and a rename."""

import hashlib
import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from experiment.errors import DataError


@contextmanager
def atomic(path):
    """Yield a temporary path beside `path` that takes its name when the block ends well.

    Parameters
    ----------
    path : str or Path
        The file to write; its folder is made.

    Yields
    ------
    Path
        Where to write. It keeps the suffix of `path`, by which libraries choose a format.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{path.stem[:40]}-"
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
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


def write_text(path, text):
    """Write `text` as UTF-8, atomically."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _plain(value):
    """Turn what numpy and pathlib hold into what JSON knows."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"not JSON: {type(value).__name__}")


def dumps(value, indent=1):
    """Return `value` as JSON text; numpy values and paths are welcome."""
    return json.dumps(value, indent=indent, default=_plain, ensure_ascii=False)


def write_json(path, value):
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
    except (ValueError, OSError) as error:
        raise DataError(f"{path}: damaged ({error}); write it again") from None


def digest(*parts):
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
            part = np.ascontiguousarray(part).tobytes()
        elif not isinstance(part, bytes):
            part = json.dumps(part, sort_keys=True, default=_plain).encode()
        total.update(len(part).to_bytes(8, "little") + part)
    return total.hexdigest()[:16]


def file_digest(path):
    """Return the SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cache_folder(*parts):
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
    """
    import platformdirs

    root = os.environ.get("FAKE_AUDIO_CACHE") or platformdirs.user_cache_dir("fake-audio")
    folder = Path(root, *map(str, parts))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
