"""Random state that is passed, never global.

A stream derives from the run's seed and the names of what it serves (a clip's id, a stage), so
that neither order nor parallelism changes a number.
"""

import hashlib

import numpy as np


def derive(seed: int, *names) -> int:
    """Return a 32-bit seed for the stream `names` of a run.

    Parameters
    ----------
    seed : int
        Seed of the run.
    *names : str
        What the stream serves.

    Returns
    -------
    int
        In ``[0, 2**31)``, as Keras and TensorFlow want it.
    """
    text = "\x1f".join([str(int(seed)), *map(str, names)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little") >> 1


def rng(seed: int, *names) -> np.random.Generator:
    """Return the generator of the stream `names` of a run.

    Parameters
    ----------
    seed : int
        Seed of the run.
    *names : str
        What the stream serves, for example ``"augment", clip.name``.

    Returns
    -------
    numpy.random.Generator
        Independent of every other stream.
    """
    text = "\x1f".join([str(int(seed)), *map(str, names)])
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest(), "little"))
