"""PyTorch checkpoints without torch: the zip archives of version 1.6 and later, and older files."""

import io
import zipfile
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from experiment.tensors.pickled import Refused, load

__all__ = ["Refused", "arrays", "read"]

MAGIC = 0x1950A86A20F9469CFC6C
SHARED = 8  # times that the numbers of a file may be used on average
LARGEST_PICKLE = 64 * 2**20  # bytes that describe tensors, without their numbers
TYPES = {
    "Float": "f4", "Double": "f8", "Half": "f2", "BFloat16": "u2", "Long": "i8", "Int": "i4",
    "Short": "i2", "Char": "i1", "Byte": "u1", "Bool": "?",
}  # fmt: skip


@dataclass(frozen=True)
class _Kind:
    """The type of a storage."""

    name: str


@dataclass
class _Storage:
    kind: _Kind
    count: int
    data: np.ndarray | None = None


@dataclass
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple
    strides: tuple

    @property
    def count(self):
        return int(np.prod(self.shape, dtype=object)) if self.shape else 1

    def array(self):
        """Return the numbers, read-only; a view may not reach outside its storage."""
        flat, size, count = self.storage.data, self.storage.data.itemsize, self.count
        last = sum((n - 1) * step for n, step in zip(self.shape, self.strides, strict=True))
        numbers = (self.offset, *self.shape, *self.strides)
        if min(numbers) < 0 or count > len(flat) or (count and self.offset + last >= len(flat)):
            raise ValueError(f"a tensor of shape {self.shape} outside its storage")
        strides = [step * size for step in self.strides]
        view = np.lib.stride_tricks.as_strided(flat[self.offset :], self.shape, strides)
        if self.storage.kind.name == "BFloat16":
            return (view.astype(np.uint32) << 16).view(np.float32)
        return view


def _tensor(storage, offset, shape, strides, *_):
    if not isinstance(storage, _Storage):
        raise TypeError("a tensor without storage")
    return _Tensor(storage, int(offset), tuple(shape), tuple(strides))


def _parameter(tensor, *_):
    return tensor


ALLOWED = {
    "collections.OrderedDict": OrderedDict,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_parameter": _parameter,
    "torch.Size": tuple,
    **{f"torch.{name}Storage": _Kind(name) for name in TYPES},
}


def read(path):
    """Return what a checkpoint holds, with tensors that `arrays` turns into arrays.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict

    Raises
    ------
    Refused
        If it holds anything beside plain values and tensors.
    ValueError, EOFError, KeyError
        If it is damaged or no checkpoint.
    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            content = _archive(archive, path.stat().st_size)
    else:
        with open(path, "rb") as file:
            content = _older(file)
    if not isinstance(content, dict):
        raise Refused(f"holds a {type(content).__name__} instead of a dictionary")
    return content


def arrays(content):
    """Return the tensors directly inside a dictionary, dict of str to ndarray."""
    tensors = {k: v for k, v in content.items() if isinstance(v, _Tensor)}
    kept = {id(v.storage): v.storage.count for v in tensors.values()}
    if sum(v.count for v in tensors.values()) > SHARED * sum(kept.values()):
        raise Refused("holds tensors that are many times larger than the file")
    return {k: v.array() for k, v in tensors.items()}


class _Storages(dict):
    """The storages of a checkpoint by key, noted while its pickle is read."""

    def __call__(self, pid):
        _, kind, key, _, count = pid[:5]
        if not isinstance(kind, _Kind):
            raise Refused("holds a storage of unknown type")
        return self.setdefault(str(key), _Storage(kind, int(count)))


def _archive(archive, size):
    """Return the content of a zip archive: ``name/data.pkl`` beside ``name/data/<key>``."""
    sizes = {}
    for entry in archive.infolist():
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
            raise Refused(f"holds the compressed file {entry.filename}")
        sizes[entry.filename] = entry.file_size
    if sum(sizes.values()) > size:
        raise Refused("holds files that overlap")
    pickles = [name for name in sizes if name.rpartition("/")[2] == "data.pkl"]
    if len(pickles) != 1:
        raise ValueError("a zip archive without one data.pkl")
    if sizes[pickles[0]] > LARGEST_PICKLE:
        raise Refused(f"holds a description of {sizes[pickles[0]]} bytes")
    root = pickles[0].removesuffix("data.pkl")
    order = "<"
    if f"{root}byteorder" in sizes and archive.read(f"{root}byteorder").strip() == b"big":
        order = ">"
    storages = _Storages()
    content = load(io.BytesIO(archive.read(pickles[0])), ALLOWED, storages)
    for key, storage in storages.items():
        name = f"{root}data/{key}"
        if sizes[name] != storage.count * _dtype(storage, order).itemsize:
            raise ValueError(f"{name} has {sizes[name]} bytes")
        storage.data = np.frombuffer(archive.read(name), _dtype(storage, order))
    return content


def _older(file):
    """Return the content of a file before version 1.6: five pickles, then the numbers."""
    if load(file, {}) != MAGIC:
        raise ValueError("no torch checkpoint")
    for _ in ("protocol", "system"):
        load(file, {})
    storages = _Storages()
    content = load(file, ALLOWED, storages)
    for key in load(file, {}):
        storage = storages[str(key)]
        count = int.from_bytes(_exactly(file, 8), "little")
        if count != storage.count:
            raise ValueError(f"storage {key} has {count} numbers instead of {storage.count}")
        dtype = _dtype(storage, "<")
        storage.data = np.frombuffer(_exactly(file, count * dtype.itemsize), dtype)
    return content


def _dtype(storage, order):
    return np.dtype(TYPES[storage.kind.name]).newbyteorder(order)


def _exactly(file, size):
    start = file.tell()
    left = file.seek(0, io.SEEK_END) - start
    file.seek(start)
    if size > left:
        raise EOFError("cut short")
    return file.read(size)
