"""Short-time spectra that can be inverted: the right window, phases guessed well, then iterated.

Audio is [..., samples] in float32. A frame has `size` samples, a hop is half of it, and the first
frame starts a quarter of a frame before the audio, so that `samples` / hop frames cover every
sample with a weight that is not zero.
"""

import numpy as np
import scipy.fft


def window(size):
    """Return the periodic Hann window of `size` samples, float32."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype("float32")


def stft(audio, size):
    """Return the short-time Fourier transform.

    Parameters
    ----------
    audio : ndarray [..., samples]
        `samples` is a multiple of `size` / 2.
    size : int
        Frame length in samples, a multiple of 4.

    Returns
    -------
    ndarray [..., frames, size / 2 + 1], complex64
        `frames` is 2 `samples` / `size`.
    """
    edge = [(0, 0)] * (audio.ndim - 1) + [(size // 4, size // 4)]
    padded = np.pad(audio, edge)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size, axis=-1)
    return scipy.fft.rfft(frames[..., :: size // 2, :] * window(size))


def istft(spectra, size):
    """Return the audio whose transform is nearest to `spectra` in the least-squares sense.

    Parameters
    ----------
    spectra : ndarray [..., frames, size / 2 + 1], complex
        As `stft` returns them, or any other.
    size : int
        Frame length in samples.

    Returns
    -------
    ndarray [..., samples], float32
        `samples` is `frames` times `size` / 2.

    References
    ----------
    Griffin and Lim, "Signal estimation from modified short-time Fourier transform", IEEE
    Transactions on Acoustics, Speech, and Signal Processing, 1984, equation 6.
    """
    hop = size // 2
    shape = window(size)
    frames = scipy.fft.irfft(spectra, size) * shape
    count = frames.shape[-2]
    total = np.zeros((*frames.shape[:-2], count + 1, hop), "float32")
    total[..., :-1, :] += frames[..., :hop]
    total[..., 1:, :] += frames[..., hop:]
    weight = np.zeros((count + 1, hop), "float32")
    weight[:-1] += shape[:hop] ** 2
    weight[1:] += shape[hop:] ** 2
    edge = slice(size // 4, -(size // 4))
    flat = total.reshape(*total.shape[:-2], -1)[..., edge]
    return flat / weight.reshape(-1)[edge]


def phases(magnitude):
    """Return phases of sinusoids that run through the peaks of the spectra.

    Each bin follows the nearest peak of its frame, whose frequency, by a parabola through three
    logarithms, turns the phase from frame to frame; neighbouring bins of a Hann window alternate.

    Parameters
    ----------
    magnitude : ndarray [..., frames, bins]
        As of `stft`.

    Returns
    -------
    ndarray [..., frames, bins], float32
        In radians.

    References
    ----------
    Beauregard, Harish, Wyse, "Single Pass Spectrogram Inversion", IEEE DSP 2015.
    """
    log = np.log(magnitude + 1e-9)
    bins = np.arange(log.shape[-1])
    peak, offset = _peaks(log)
    lead = np.pi * ((bins - peak) % 2)
    turn = np.pi * (peak + offset)
    result = np.zeros(log.shape, "float32")
    phase = np.zeros((*log.shape[:-2], len(bins)))
    for frame in range(log.shape[-2]):
        phase = np.take_along_axis(phase, peak[..., frame, :], -1)
        phase = (phase + turn[..., frame, :] + lead[..., frame, :]) % (2 * np.pi)
        result[..., frame, :] = phase
    return result


def _peaks(log):
    """Return the nearest peak of each bin and that peak's offset from its bin's centre."""
    bins = np.arange(log.shape[-1])
    left, middle, right = log[..., :-2], log[..., 1:-1], log[..., 2:]
    inner = [(0, 0)] * (log.ndim - 1) + [(1, 1)]
    high = np.pad((middle > left) & (middle > right), inner)
    curve = np.minimum(left - 2 * middle + right, -1e-9)
    offset = np.pad(np.clip((left - right) / (2 * curve), -0.5, 0.5), inner)
    far = 2 * len(bins)
    below = np.maximum.accumulate(np.where(high, bins, -far), axis=-1)
    above = np.minimum.accumulate(np.where(high, bins, far)[..., ::-1], axis=-1)[..., ::-1]
    peak = np.where(bins - below <= above - bins, below, above)
    peak = np.where(np.abs(peak) == far, bins, peak)
    return peak, np.take_along_axis(offset, peak, -1)


def griffin_lim(magnitude, size, iterations=16, momentum=0.99):
    """Return audio whose spectra have nearly the given magnitudes.

    Parameters
    ----------
    magnitude : ndarray [..., frames, size / 2 + 1]
        Not negative.
    size : int
        Frame length in samples.
    iterations : int
        Number of projections, from the phases of `phases`.
    momentum : float
        How far each estimate is carried on; 0 is the original algorithm.

    Returns
    -------
    ndarray [..., samples], float32
        See `istft`.

    References
    ----------
    Perraudin, Balazs, Sondergaard, "A fast Griffin-Lim algorithm", WASPAA 2013, algorithm 2.
    """
    estimate = magnitude * np.exp(1j * phases(magnitude))
    before = 0
    for _ in range(iterations):
        projected = stft(istft(estimate, size), size)
        ahead = projected + momentum * (projected - before)
        estimate = magnitude * ahead / np.maximum(np.abs(ahead), 1e-12)
        before = projected
    return istft(estimate, size)


def convergence(audio, magnitude, size):
    """Return the spectral convergence: the relative error of the magnitudes of `audio`.

    Parameters
    ----------
    audio : ndarray [..., samples]
        A reconstruction.
    magnitude : ndarray [..., frames, size / 2 + 1]
        What its spectra should have.
    size : int
        Frame length in samples.

    Returns
    -------
    float
        0 is perfect.
    """
    error = np.abs(stft(audio, size)) - magnitude
    return float(np.linalg.norm(error) / np.linalg.norm(magnitude))
