"""Checkpoints as PyTorch writes them, written without it."""

import io
import json
import pickle
import struct
import sys
import types
import zipfile
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

KINDS = {"f4": "Float", "f8": "Double", "f2": "Half", "i8": "Long", "i4": "Int", "b1": "Bool"}


@dataclass
class Storage:
    """Numbers under a key; what a pickle says of them is a persistent id."""

    data: np.ndarray
    key: str


@dataclass
class Tensor:
    """A view of a storage."""

    storage: Storage
    offset: int
    shape: tuple
    strides: tuple

    def __reduce__(self):
        rebuild = sys.modules["torch._utils"]._rebuild_tensor_v2
        return rebuild, (self.storage, self.offset, self.shape, self.strides, False, OrderedDict())


@contextmanager
def _names():
    """Let a pickle refer to the names of torch, which need not be installed."""
    kept = {name: sys.modules.get(name) for name in ("torch", "torch._utils")}
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    def _rebuild_tensor_v2():
        raise AssertionError("called")

    _rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = (
        utils.__name__,
        "_rebuild_tensor_v2",
    )
    utils._rebuild_tensor_v2, torch._utils = _rebuild_tensor_v2, utils
    for kind in (*KINDS.values(), "BFloat16"):
        name = f"{kind}Storage"
        setattr(torch, name, type(name, (), {"__module__": "torch"}))
    sys.modules.update({"torch": torch, "torch._utils": utils})
    try:
        yield torch
    finally:
        for name, module in kept.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


class _Pickler(pickle.Pickler):
    def __init__(self, file, torch, storages, kinds):
        super().__init__(file, protocol=2)
        self.torch, self.storages, self.kinds = torch, storages, kinds

    def persistent_id(self, thing):
        if not isinstance(thing, Storage):
            return None
        self.storages[thing.key] = thing.data
        kind = self.kinds.get(thing.key) or KINDS[thing.data.dtype.str[1:]]
        return ("storage", getattr(self.torch, f"{kind}Storage"), thing.key, "cpu", thing.data.size)


def tensors(state):
    """Return arrays as tensors, each in a storage of its own."""
    return OrderedDict((k, tensor(v, str(n))) for n, (k, v) in enumerate(state.items()))


def tensor(array, key):
    """Return an array as a tensor."""
    array = np.ascontiguousarray(array).reshape(np.shape(array))
    strides = tuple(step // array.itemsize for step in array.strides)
    return Tensor(Storage(array.reshape(-1), key), 0, array.shape, strides)


def pickled(content, kinds=()):
    """Return the pickle of what a checkpoint holds, and the storages by key."""
    file, storages = io.BytesIO(), {}
    with _names() as torch:
        _Pickler(file, torch, storages, dict(kinds)).dump(content)
    return file.getvalue(), storages


def write_zip(path, content, kinds=(), compression=zipfile.ZIP_STORED):
    """Write a checkpoint as PyTorch 1.6 and later do."""
    described, storages = pickled(content, kinds)
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("archive/data.pkl", described)
        archive.writestr("archive/byteorder", "little")
        for key, data in storages.items():
            archive.writestr(f"archive/data/{key}", data.tobytes())
        archive.writestr("archive/version", "3\n")


def write_old(path, content):
    """Write a checkpoint as PyTorch before 1.6 did."""
    described, storages = pickled(content)
    with open(path, "wb") as file:
        for head in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
            pickle.dump(head, file, protocol=2)
        file.write(described)
        pickle.dump(list(storages), file, protocol=2)
        for data in storages.values():
            file.write(struct.pack("<q", data.size) + data.tobytes())


def write_safetensors(path, state, kinds=()):
    """Write a safetensors file of float32 arrays, or of other `kinds` by name."""
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, array in state.items():
        data = array.tobytes()
        offsets = [len(body), len(body) + len(data)]
        kind = dict(kinds).get(name, "F32")
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": offsets}
        body += data
    described = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(described)) + described + body)
