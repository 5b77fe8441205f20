"""Folders for what visitors send: gone when the page ends, and what a killed page left is swept."""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

import psutil

OWN = re.compile(r"demo-(\d+)-")


def folder():
    """Return a `tempfile.TemporaryDirectory` whose name tells which process it belongs to."""
    return tempfile.TemporaryDirectory(prefix=f"demo-{os.getpid()}-", ignore_cleanup_errors=True)


def sweep(ours=False):
    """Remove the folders of processes that have ended.

    Parameters
    ----------
    ours : bool
        Remove those of this process as well.
    """
    for path in Path(tempfile.gettempdir()).glob("demo-*-*"):
        found = OWN.match(path.name)
        if not found or path.is_symlink() or not path.is_dir():
            continue
        process = int(found[1])
        if (ours and process == os.getpid()) or not psutil.pid_exists(process):
            shutil.rmtree(path, ignore_errors=True)


def tidy():
    """Sweep now, and once more when this process ends."""
    sweep()
    atexit.register(sweep, ours=True)
