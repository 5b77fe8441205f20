"""Large arrays that were computed before: memory-mapped, checksummed, in bounded disk space."""

import os
import zlib
from collections.abc import Callable

import numpy as np

from experiment.errors import DataError
from experiment.files import atomic, cache_folder, read_json, write_json

LIMIT = 20 * 10**9  # bytes of one kind of array; FAKE_AUDIO_CACHE_GB changes it


def cached(kind: str, key: str, shape: tuple[int, ...], blocks: Callable) -> np.ndarray:
    """Return an array, from the cache where it is kept, else computed block by block.

    Parameters
    ----------
    kind : str
        Folder of the platform's cache.
    key : str
        Digest of everything that the numbers depend on.
    shape : tuple of int
        Of the whole array.
    blocks : callable
        Without arguments; yields the rows in order, ndarray [k, *shape[1:]] of float32.

    Returns
    -------
    ndarray of float32
        Read-only and memory-mapped. What is damaged on disk is computed again.
    """
    folder = cache_folder(kind)
    path = folder / f"{key}.npy"
    found = _opened(path, shape)
    if found is None:
        _write(path, shape, blocks())
        _make_room(folder, path)
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    return found


def _sums_of(path):
    return path.with_suffix(".json")


def _opened(path, shape):
    """Return the kept array if it is whole, else None."""
    if not path.exists() or not _sums_of(path).exists():
        return None
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        sums = read_json(_sums_of(path))["blocks"]
        whole = array.shape == shape and array.dtype == np.float32 and _matches(array, sums)
    except (OSError, ValueError, EOFError, KeyError, TypeError, DataError):
        return None
    if whole:
        os.utime(path)
    return array if whole else None


def _matches(array, sums):
    start = 0
    for rows, expected in sums:
        if _checksum(array[start : start + rows]) != expected:
            return False
        start += rows
    return start == len(array)


def _checksum(block):
    return zlib.crc32(np.ascontiguousarray(block).view(np.uint8).reshape(-1))


def _write(path, shape, blocks):
    _sums_of(path).unlink(missing_ok=True)
    sums, start = [], 0
    with atomic(path) as temporary:
        array = np.lib.format.open_memmap(temporary, "w+", np.float32, shape)
        for block in blocks:
            array[start : start + len(block)] = block
            sums.append([len(block), _checksum(array[start : start + len(block)])])
            start += len(block)
        array.flush()
        del array
    write_json(_sums_of(path), {"blocks": sums})


def _make_room(folder, kept):
    """Remove what was used longest ago until the folder keeps within the limit."""
    limit = float(os.environ.get("FAKE_AUDIO_CACHE_GB", LIMIT / 10**9)) * 10**9
    files = sorted(folder.glob("*.npy"), key=lambda path: path.stat().st_mtime)
    total = sum(path.stat().st_size for path in files)
    for path in files:
        if total <= limit:
            return
        if path != kept:
            total -= path.stat().st_size
            path.unlink(missing_ok=True)
            _sums_of(path).unlink(missing_ok=True)
