"""Memory that a visitor needed goes back to the system when the visitor has gone.

The C library of Linux (glibc) keeps freed memory for later, in a heap for every few threads, and
finds ever larger blocks worth keeping: a page that serves files of many sizes grows by that.
"""

import contextlib
import ctypes
import threading
import time

MMAP_THRESHOLD, ARENA_MAX = -3, -8  # parameters of mallopt
BLOCK = 4 << 20  # bytes; a larger block is the system's own and returns at once
HEAPS = 2
EVERY = 2.0  # seconds


def return_freed():
    """Keep little of what is freed from now on; another C library is left as it is."""
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(MMAP_THRESHOLD, BLOCK)
        library.mallopt(ARENA_MAX, HEAPS)
        threading.Thread(target=_trim, args=(library.malloc_trim,), daemon=True).start()


def _trim(give_back):
    while True:
        time.sleep(EVERY)
        give_back(0)
