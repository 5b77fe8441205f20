"""Griffin-Lim: the phase is thrown away and guessed again from an 80-band mel spectrum."""

from functools import cache

import numpy as np

from audio.clip import RATE
from audio.dsp import centred, griffin_lim, htk_bank, istft, stft

SIZE, HOP, BANDS = 1024, 256, 80
ITERATIONS, MOMENTUM = 32, 0.99


@cache
def _mel():
    """Return the triangular mel bank [513, 80] over 0-8 kHz and its pseudo-inverse."""
    bank = htk_bank(RATE, SIZE, BANDS, 0, RATE / 2)
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

    def forward(x):
        return stft(x, SIZE, HOP, centred(SIZE, HOP))

    def backward(spectra):
        return istft(spectra, SIZE, HOP, SIZE // 2, len(samples))

    magnitude = np.maximum(np.abs(forward(samples)) @ bank @ inverse, 1e-8)
    phase = np.exp(2j * np.pi * rng.random(magnitude.shape)).astype(np.complex64)
    return griffin_lim(magnitude, phase, forward, backward, ITERATIONS, MOMENTUM)
