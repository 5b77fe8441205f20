"""Runs a command from a copy of the repository, whatever folder it is started from."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # scripts/fad.py must not hide the package fad

from fake_audio.__main__ import main


def run(name):
    """Run a command and exit with its code."""
    sys.exit(main([name, *sys.argv[1:]]))
