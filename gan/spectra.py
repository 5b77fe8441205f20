"""Short-time spectra that can be inverted: the right window, phases guessed well, then iterated.

Audio is [..., samples] in float32. A frame has `size` samples, a hop is half of it, and the first
frame starts a quarter of a frame before the audio, so that `samples` / hop frames cover every
sample with a weight that is not zero.
"""

import numpy as np

from audio import dsp


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
    return dsp.stft(audio, size, size // 2, (size // 4, size // 4))


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
    samples = spectra.shape[-2] * size // 2
    return dsp.istft(spectra, size, size // 2, size // 4, samples)


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
    phase = np.exp(1j * phases(magnitude))
    return dsp.griffin_lim(
        magnitude, phase, lambda x: stft(x, size), lambda s: istft(s, size), iterations, momentum
    )


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
