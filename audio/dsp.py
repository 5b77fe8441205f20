"""Signal processing that every package shares: window, STFT and inverse, mel banks, levels.

Framing conventions differ between published front ends only in their margins: how much silence
stands before the first and after the last sample. `stft` takes them as an argument.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import scipy.fft

TAPERS = {"hann": 0.5, "hamming": 0.54}


@lru_cache
def taper(n, kind: str = "hann"):
    """Return the periodic window of `n` samples, of a kind in `TAPERS`, ndarray [n] of float64."""
    window = TAPERS[kind] - (1 - TAPERS[kind]) * np.cos(2 * np.pi * np.arange(n) / n)
    window.flags.writeable = False
    return window


def hann(n):
    """Return the periodic Hann window of `n` samples, ndarray [n] of float64."""
    return taper(n)


def centred(size, hop):
    """Return the margin with which frame k is centred on sample ``k * hop``, to the last one."""
    return size // 2, size // 2 + hop


def frames_of(samples: np.ndarray, size: int, hop: int, margin) -> np.ndarray:
    """Return overlapping frames, a view.

    Parameters
    ----------
    samples : ndarray [..., n]
        Real.
    size, hop : int
        Length of a frame and step between frames, in samples.
    margin : (int, int)
        Zeros before and after the samples.

    Returns
    -------
    ndarray [..., (n + sum(margin) - size) // hop + 1, size]
    """
    padded = np.pad(samples, [(0, 0)] * (samples.ndim - 1) + [margin])
    return np.lib.stride_tricks.sliding_window_view(padded, size, axis=-1)[..., ::hop, :]


def stft(samples: np.ndarray, size: int, hop: int, margin, window: np.ndarray | None = None):
    """Return the short-time Fourier transform, in the precision of the input.

    Parameters
    ----------
    samples : ndarray [..., n]
        float32 or float64.
    size, hop : int
        Length of a frame and step between frames, in samples.
    margin : (int, int)
        Zeros before and after the samples; see `centred`.
    window : ndarray [size], optional
        `hann` by default.

    Returns
    -------
    complex ndarray [..., frames, size // 2 + 1]

    Examples
    --------
    >>> import numpy as np
    >>> tone = np.cos(2 * np.pi * np.arange(1024) / 8)
    >>> int(np.abs(stft(tone, 256, 64, (0, 0)))[0].argmax())
    32
    """
    window = (hann(size) if window is None else window).astype(samples.dtype, copy=False)
    return scipy.fft.rfft(frames_of(samples, size, hop, margin) * window)


def overlap_add(
    frames: np.ndarray, hop: int, start: int, length: int, window: np.ndarray | None = None
) -> np.ndarray:
    """Return the samples whose windowed frames are nearest to `frames`.

    Parameters
    ----------
    frames : ndarray [..., count, size]
        Frames; `hop` divides `size`.
    hop : int
        Step between frames.
    start, length : int
        The margin before the samples, and how many to return.
    window : ndarray [size], optional
        That of the analysis, `hann` by default.

    Returns
    -------
    ndarray [..., length]

    References
    ----------
    D. Griffin and J. Lim, *Signal estimation from modified short-time Fourier transform*, IEEE
    Trans. ASSP 32(2), 1984, equation 6.
    """
    count, size = frames.shape[-2:]
    window = (hann(size) if window is None else window).astype(frames.dtype, copy=False)
    shaped = frames * window
    total = np.zeros((*frames.shape[:-2], (count + size // hop - 1) * hop), frames.dtype)
    weight = np.zeros(total.shape[-1], frames.dtype)
    for offset in range(0, size, hop):
        span = slice(offset, offset + count * hop)
        part = shaped[..., offset : offset + hop]
        total[..., span] += part.reshape(*part.shape[:-2], -1)
        weight[span] += np.tile(window[offset : offset + hop] ** 2, count)
    inside = slice(start, start + length)
    return total[..., inside] / np.maximum(weight[inside], 1e-3)


def istft(
    spectra, size: int, hop: int, start: int, length: int, window: np.ndarray | None = None
) -> np.ndarray:
    """Return the samples whose transform is nearest to `spectra`; see `overlap_add`.

    Parameters
    ----------
    spectra : complex ndarray [..., frames, size // 2 + 1]
        As of `stft`, or any other.
    size, hop : int
        Of the analysis; `hop` divides `size`.
    start, length : int
        The margin before the samples, and how many to return.
    window : ndarray [size], optional
        That of the analysis.

    Returns
    -------
    ndarray [..., length]
    """
    return overlap_add(scipy.fft.irfft(spectra, size), hop, start, length, window)


def griffin_lim(
    magnitude: np.ndarray,
    phase,
    forward: Callable,
    inverse: Callable,
    iterations: int = 32,
    momentum: float = 0.99,
) -> np.ndarray:
    """Return samples whose spectra have nearly the given magnitudes.

    Parameters
    ----------
    magnitude : ndarray [..., frames, bins]
        Not negative.
    phase : complex ndarray [..., frames, bins]
        Of magnitude one: where to start.
    forward, inverse : callable
        A transform and its least-squares inverse.
    iterations : int
        Projections.
    momentum : float
        How far each estimate is carried on; 0 is the original algorithm.

    Returns
    -------
    ndarray [..., samples]

    References
    ----------
    N. Perraudin, P. Balazs and P. Soendergaard, *A fast Griffin-Lim algorithm*, WASPAA 2013,
    algorithm 2.
    """
    before = 0
    for _ in range(iterations):
        projected = forward(inverse(magnitude * phase))
        ahead = projected + momentum * (projected - before)
        phase = ahead / np.maximum(np.abs(ahead), 1e-12)
        before = projected
    return inverse(magnitude * phase)


def slaney_mel(hertz):
    """Return Slaney's mel of frequencies in Hz: linear to 1 kHz, then logarithmic.

    Source: M. Slaney, *Auditory Toolbox*, version 2, 1998; the default of librosa.
    """
    hertz = np.asarray(hertz, float)
    upper = 15 + np.log(np.maximum(hertz, 1000) / 1000) * 27 / np.log(6.4)
    return np.where(hertz < 1000, hertz * 3 / 200, upper)


def slaney_hertz(mel):
    """Return frequencies in Hz, the inverse of `slaney_mel`."""
    mel = np.asarray(mel, float)
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))


def htk_mel(hertz):
    """Return HTK mels of frequencies in Hz (Young et al., *The HTK Book*, section 5.4)."""
    return 1127.0 * np.log1p(np.asarray(hertz, float) / 700.0)


def triangles(bins: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return triangular filters of height one.

    Parameters
    ----------
    bins : ndarray [n]
        Where the filters are wanted, on any scale.
    edges : ndarray [bands + 2]
        Band k rises from edge k to edge k + 1 and falls to edge k + 2; on the same scale.

    Returns
    -------
    ndarray [n, bands] of float64
    """
    bins, width = np.asarray(bins)[:, None], np.diff(edges)
    rise = (bins - edges[:-2]) / width[:-1]
    fall = (edges[2:] - bins) / width[1:]
    return np.maximum(0, np.minimum(rise, fall))


def mel_edges(bands, low, high):
    """Return bands + 2 frequencies in Hz, equally spaced in Slaney's mel from `low` to `high`."""
    return slaney_hertz(np.linspace(slaney_mel(low), slaney_mel(high), bands + 2))


def slaney_bank(rate, n_fft, bands, low, high):
    """Return mel filters of equal area as librosa builds them, [1 + n_fft // 2, bands]."""
    edges = mel_edges(bands, low, high)
    bins = np.fft.rfftfreq(n_fft, 1 / rate)
    return triangles(bins, edges) * 2 / (edges[2:] - edges[:-2])


def htk_bank(rate, n_fft, bands, low, high):
    """Return mel filters of equal height, triangular in HTK mels, [1 + n_fft // 2, bands]."""
    edges = np.linspace(htk_mel(low), htk_mel(high), bands + 2)
    return triangles(htk_mel(np.fft.rfftfreq(n_fft, 1 / rate)), edges)


def rms(samples):
    """Return the root mean square over the last axis, in float64."""
    return np.sqrt(np.mean(np.square(samples, dtype=np.float64), axis=-1))


def at_snr(noise: np.ndarray, samples: np.ndarray, decibels: float) -> np.ndarray:
    """Return noise at a level below samples.

    Parameters
    ----------
    noise, samples : ndarray [n]
        Noise of any level; the signal that it is to be added to.
    decibels : float
        Signal-to-noise ratio.

    Returns
    -------
    ndarray [n]
    """
    return noise * (rms(samples) / max(rms(noise), 1e-12) * 10 ** (-decibels / 20))
