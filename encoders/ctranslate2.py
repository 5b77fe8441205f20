"""Reads the weights of a CTranslate2 model file: numbers only, nothing in it can run.

Layout, little endian: version (u32), name of the kind of model, revision (u32), number of variables
(u32); for each variable its name, rank (u8), dimensions (u32), type (u8), size in bytes (u32) and
values; then aliases. A string is its length (u16), with the closing zero, and its bytes.

Source: OpenNMT/CTranslate2, python/ctranslate2/specs/model_spec.py, version 6 of the format.
"""

import struct

import numpy as np

from experiment.errors import DataError

VERSION = 6
TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)


def read_variables(content, prefix=""):
    """Return the variables of a model file.

    Parameters
    ----------
    content : bytes
        The file.
    prefix : str
        Only variables whose names begin so; it is cut off.

    Returns
    -------
    dict of str to ndarray
        In the file's own types.

    Raises
    ------
    DataError
        If it is no such file, or ends early.
    """
    try:
        return _variables(_Reader(content), prefix)
    except (struct.error, IndexError, ValueError) as error:
        raise DataError(f"damaged CTranslate2 model ({error}); fetch it again") from None


def _variables(reader, prefix):
    version = reader.number("I")
    if version != VERSION:
        raise DataError(f"a CTranslate2 model of version {VERSION} is wanted. Received: {version}")
    reader.text()
    reader.number("I")
    found = {}
    for _ in range(reader.number("I")):
        name = reader.text()
        shape = [reader.number("I") for _ in range(reader.number("B"))]
        kind = TYPES[reader.number("B")]
        values = np.frombuffer(reader.take(reader.number("I")), kind).reshape(shape)
        if name.startswith(prefix):
            found[name.removeprefix(prefix)] = values
    return found


class _Reader:
    """Takes one thing after the other from bytes."""

    def __init__(self, content):
        self.content, self.place = memoryview(content), 0

    def take(self, size):
        """Return the next bytes."""
        part = self.content[self.place : self.place + size]
        if len(part) < size:
            raise ValueError(f"ends after {len(self.content)} bytes")
        self.place += size
        return part

    def number(self, kind):
        """Return the next number, of a type of the module struct."""
        return struct.unpack(f"<{kind}", self.take(struct.calcsize(f"<{kind}")))[0]

    def text(self):
        """Return the next string."""
        return bytes(self.take(self.number("H"))).rstrip(b"\0").decode()
