"""What a page asks of the C library, looked at in a process of its own."""

import ctypes
import subprocess
import sys

import pytest

PROGRAM = """
import ctypes
from demo import memory

class Told(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "abcd"] + [("mapped", ctypes.c_size_t)] + [
        (name, ctypes.c_size_t) for name in "fghij"]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Told
library.malloc.restype = ctypes.c_void_p
library.malloc.argtypes = [ctypes.c_size_t]
library.free.argtypes = [ctypes.c_void_p]
if ACT:
    memory.return_freed()
library.free(library.malloc(20 << 20))
before = library.mallinfo2().mapped
block = library.malloc(10 << 20)
print(library.mallinfo2().mapped - before >= 10 << 20)
"""


def mapped(act):
    """Whether a block is the system's own after a larger one was freed."""
    command = [sys.executable, "-c", PROGRAM.replace("ACT", str(act))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="not the C library glibc")
def test_large_blocks_return_to_the_system_as_soon_as_they_are_free():
    assert mapped(act=True) == "True" and mapped(act=False) == "False"
