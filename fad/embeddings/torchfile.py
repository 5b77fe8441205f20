"""Tensors out of an old torch checkpoint, without torch and without running what it says.

A checkpoint is a pickle, and a pickle can call anything. The reader here knows the three names
that tensors need, gives every other name an error, and takes the numbers from the raw bytes.
"""

import pickle
from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np

from experiment.errors import DataError

MAGIC = 0x1950A86A20F9469CFC6C
TYPES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "LongStorage": "<i8"}


@dataclass
class _Storage:
    dtype: str
    data: np.ndarray = field(default=None)


@dataclass
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple

    def array(self):
        count = int(np.prod(self.shape, dtype=int))
        return self.storage.data[self.offset : self.offset + count].reshape(self.shape).copy()


def _tensor(storage, offset, shape, stride, *_):
    expected = tuple(int(np.prod(shape[axis + 1 :], dtype=int)) for axis in range(len(shape)))
    if tuple(stride) != expected:
        raise pickle.UnpicklingError(f"a tensor with strides {stride}")
    return _Tensor(storage, offset, tuple(shape))


class _Unpickler(pickle.Unpickler):
    allowed = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _tensor,
        **{("torch", name): dtype for name, dtype in TYPES.items()},
    }

    def __init__(self, file):
        super().__init__(file)
        self.storages = {}

    def find_class(self, module, name):
        if (module, name) not in self.allowed:
            raise pickle.UnpicklingError(f"refused {module}.{name}")
        return self.allowed[module, name]

    def persistent_load(self, pid):
        _, dtype, key = pid[:3]
        return self.storages.setdefault(key, _Storage(dtype))


def read_tensors(path, key):
    """Return the tensors under one key of a checkpoint in torch's format before 1.6.

    Parameters
    ----------
    path : str or Path
        The file.
    key : str
        Of the outer dictionary, for example ``model_state``.

    Returns
    -------
    dict of str to ndarray
        By name.

    Raises
    ------
    DataError
        If the file is damaged or asks for anything beside plain tensors.
    """
    try:
        with open(path, "rb") as file:
            return _read(file)[key]
    except (pickle.UnpicklingError, EOFError, KeyError, ValueError, OSError) as error:
        raise DataError(f"{path}: not read ({error})") from None


def _read(file):
    if _Unpickler(file).load() != MAGIC:
        raise pickle.UnpicklingError("no torch checkpoint")
    for _ in ("protocol", "system"):
        _Unpickler(file).load()
    reader = _Unpickler(file)
    content = reader.load()
    for key in _Unpickler(file).load():
        storage = reader.storages[key]
        count = int.from_bytes(file.read(8), "little")
        storage.data = np.frombuffer(
            _exactly(file, count * np.dtype(storage.dtype).itemsize), storage.dtype
        )
    return {
        name: {k: v.array() for k, v in part.items() if isinstance(v, _Tensor)}
        for name, part in content.items()
        if isinstance(part, dict)
    }


def _exactly(file, size):
    data = file.read(size)
    if len(data) < size:
        raise EOFError("cut short")
    return data
