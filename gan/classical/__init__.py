"""Vocoders without training: speech taken apart and put together again by signal processing.

Each is a module with ``copy(samples [n], rng) -> samples [m]``, all at 16 kHz and ``m <= n``. A new
one is one file and one line here.
"""

from importlib import import_module
from importlib.util import find_spec

NEEDS = {"world": "pyworld", "griffinlim": "", "lpc": ""}
CLASSICAL = tuple(NEEDS)


def open_module(name):
    """Return the module of one of `CLASSICAL`."""
    return import_module(f"gan.classical.{name}")


def installed():
    """Return those of `CLASSICAL` whose packages are installed, list of str."""
    return [name for name, module in NEEDS.items() if not module or find_spec(module)]
