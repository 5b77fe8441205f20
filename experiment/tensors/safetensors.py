"""The safetensors format: the length of a header, the header in JSON, and the numbers."""

import json
import os

import numpy as np

LARGEST_HEADER = 100 * 10**6  # bytes, as the format's own reader allows
TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4",
    "I16": "<i2", "I8": "i1", "U8": "u1", "BOOL": "?",
}  # fmt: skip


def is_one(path):
    """Whether a file begins as safetensors do: a length that fits, and a brace."""
    with open(path, "rb") as file:
        start = file.read(9)
    length = int.from_bytes(start[:8], "little")
    return start[8:] == b"{" and length <= min(LARGEST_HEADER, os.path.getsize(path) - 8)


def read(path):
    """Return the tensors of a file, mapped into memory.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    dict of str to ndarray
        By name, read-only; brain floats are copied to float32.

    Raises
    ------
    ValueError, KeyError, TypeError
        If it is damaged.
    """
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    header.pop("__metadata__", None)
    numbers = np.memmap(path, np.uint8, "r", offset=8 + length) if header else b""
    sizes = [end - start for start, end in (one["data_offsets"] for one in header.values())]
    if sum(sizes) > len(numbers):
        raise ValueError("tensors that overlap or are cut short")
    return {name: _tensor(name, one, numbers) for name, one in header.items()}


def _tensor(name, one, numbers):
    start, end = one["data_offsets"]
    dtype, shape = np.dtype(TYPES[one["dtype"]]), tuple(one["shape"])
    count = int(np.prod(shape, dtype=object)) if shape else 1
    if not 0 <= start <= end <= len(numbers) or end - start != count * dtype.itemsize:
        raise ValueError(f"tensor {name} of shape {shape} in {end - start} bytes")
    array = np.asarray(numbers[start:end]).view(dtype).reshape(shape)
    if one["dtype"] == "BF16":
        return (array.astype(np.uint32) << 16).view(np.float32)
    return array
