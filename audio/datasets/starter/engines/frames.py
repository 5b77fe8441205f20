"""Short-time spectra and back, for whole clips at once, in the precision of the input."""

from functools import cache

import numpy as np
import scipy.fft


def analyse(samples, size, hop):
    """Return windowed spectra.

    Parameters
    ----------
    samples : ndarray [n]
        Any length.
    size, hop : int
        Frame length and step in samples; `hop` divides `size`.

    Returns
    -------
    complex ndarray [frames, size / 2 + 1]
        Frame k is centred on sample ``k * hop``.
    """
    return scipy.fft.rfft(cut(samples, size, hop), overwrite_x=True)


def cut(samples, size, hop):
    """Return the Hann-windowed frames [frames, size]; frame k is centred on sample ``k * hop``."""
    padded = np.pad(samples, (size // 2, size // 2 + hop))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    return frames * _window(size, samples.dtype.char)


def overlap_add(frames, hop, length):
    """Return the samples [length] of windowed frames [m, size], the inverse of `cut`."""
    count, size = frames.shape
    total = np.zeros((count + size // hop) * hop, frames.dtype)
    weight = np.zeros_like(total)
    window = _window(size, frames.dtype.char)
    shaped = frames * window
    for start in range(0, size, hop):
        span = slice(start, start + count * hop)
        total[span] += shaped[:, start : start + hop].ravel()
        weight[span] += np.tile(window[start : start + hop] ** 2, count)
    return (total / np.maximum(weight, 1e-3))[size // 2 : size // 2 + length]


def synthesise(spectra, size, hop, length):
    """Return the samples [length] whose spectra are nearest to the given ones.

    Source: Griffin and Lim, *Signal estimation from modified short-time Fourier transform*, IEEE
    Trans. ASSP 32(2), 1984, equation 6.
    """
    return overlap_add(scipy.fft.irfft(spectra, size), hop, length)


@cache
def _window(size, kind):
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(kind)
