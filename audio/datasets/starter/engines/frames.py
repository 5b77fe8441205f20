"""Short-time spectra and back, for whole clips at once."""

import numpy as np


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
    return np.fft.rfft(cut(samples, size, hop))


def cut(samples, size, hop):
    """Return the Hann-windowed frames [frames, size]; frame k is centred on sample ``k * hop``."""
    padded = np.pad(samples, (size // 2, size // 2 + hop))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    return frames * _window(size)


def overlap_add(frames, hop, length):
    """Return the samples [length] of windowed frames [m, size], the inverse of `cut`."""
    count, size = frames.shape
    total = np.zeros((count + size // hop) * hop)
    weight = np.zeros_like(total)
    squared = _window(size) ** 2
    shaped = frames * _window(size)
    for start in range(0, size, hop):
        span = slice(start, start + count * hop)
        total[span] += shaped[:, start : start + hop].ravel()
        weight[span] += np.tile(squared[start : start + hop], count)
    return (total / np.maximum(weight, 1e-3))[size // 2 : size // 2 + length]


def synthesise(spectra, size, hop, length):
    """Return the samples [length] whose spectra are nearest to the given ones.

    Source: Griffin and Lim, *Signal estimation from modified short-time Fourier transform*, IEEE
    Trans. ASSP 32(2), 1984, equation 6.
    """
    return overlap_add(np.fft.irfft(spectra, size), hop, length)


def _window(size):
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
