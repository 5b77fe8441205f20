"""Griffin-Lim: the phase is thrown away and guessed again from an 80-band mel spectrum."""

from functools import cache

import numpy as np

from audio.clip import RATE
from audio.datasets.starter.engines.base import Vocoder
from audio.datasets.starter.engines.frames import analyse, synthesise

SIZE, HOP, BANDS = 1024, 256, 80
ITERATIONS, MOMENTUM = 32, 0.99


@cache
def _mel():
    """Return the triangular mel bank [513, 80] over 0-8 kHz and its pseudo-inverse."""
    hertz = np.fft.rfftfreq(SIZE, 1 / RATE)
    mel = 2595 * np.log10(1 + hertz / 700)
    edges = np.linspace(0, mel[-1], BANDS + 2)
    rise = (mel[:, None] - edges[:-2]) / np.diff(edges)[:-1]
    fall = (edges[2:] - mel[:, None]) / np.diff(edges)[1:]
    bank = np.maximum(0, np.minimum(rise, fall))
    return bank.astype(np.float32), np.linalg.pinv(bank).astype(np.float32)


def copy(samples, rng):
    """Return a clip rebuilt from its mel magnitudes alone.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz.
    rng : numpy.random.Generator
        Draws the first phase.

    Returns
    -------
    float32 ndarray [n]
        At 16 kHz.

    Notes
    -----
    Source: Perraudin, Balazs and Soendergaard, *A fast Griffin-Lim algorithm*, WASPAA 2013,
    algorithm 2.
    """
    bank, inverse = _mel()
    samples = samples.astype(np.float32)
    magnitude = np.maximum(np.abs(analyse(samples, SIZE, HOP)) @ bank @ inverse, 1e-8)
    phase = np.exp(2j * np.pi * rng.random(magnitude.shape)).astype(np.complex64)
    last = 0
    for _ in range(ITERATIONS):
        spectra = analyse(synthesise(magnitude * phase, SIZE, HOP, len(samples)), SIZE, HOP)
        ahead = spectra + MOMENTUM * (spectra - last)
        phase = ahead / np.maximum(np.abs(ahead), 1e-12)
        last = spectra
    return synthesise(magnitude * phase, SIZE, HOP, len(samples))


VOCODER = Vocoder(copy)
