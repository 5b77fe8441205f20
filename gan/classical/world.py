"""WORLD: pitch, spectral envelope and aperiodicity, put together again as pulses and noise."""

import numpy as np

from audio.clip import RATE


def copy(samples, rng):
    """Return a clip rebuilt from WORLD's three parameters.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz.
    rng : numpy.random.Generator
        Not used: WORLD has noise of its own.

    Returns
    -------
    float64 ndarray [n]
        At 16 kHz.

    Notes
    -----
    Source: Morise, Yokomori and Ozawa, *WORLD: a vocoder-based high-quality speech synthesis system
    for real-time applications*, IEICE Trans. Inf. Syst. E99-D(7), 2016.
    """
    import pyworld

    samples = np.ascontiguousarray(samples, np.float64)
    pitch, times = pyworld.dio(samples, RATE)
    pitch = pyworld.stonemask(samples, pitch, times, RATE)
    envelope = pyworld.cheaptrick(samples, pitch, times, RATE)
    aperiodicity = pyworld.d4c(samples, pitch, times, RATE)
    return pyworld.synthesize(pitch, envelope, aperiodicity, RATE)[: len(samples)]
