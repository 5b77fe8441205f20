"""A short-time Fourier transform that is a tight frame, so that masks and gradients pass it.

Window and hop are those of the maps of detectors without a spectrogram of their own: 32 ms and
16 ms. Analysis and synthesis use the same square-root Hann window (Griffin and Lim, "Signal
estimation from modified short-time Fourier transform", IEEE TASSP 1984, section II), hence the
inverse is the adjoint, and inner products survive: ``sum(x * y)`` is ``product(x, y).sum()``.
"""

import numpy as np
from scipy import fft

WINDOW = 512
HOP = WINDOW // 2
TAPER = np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)


def axes(samples, rate):
    """Return the axes of the transform.

    Parameters
    ----------
    samples : int
        Length of the signal.
    rate : int
        In Hz.

    Returns
    -------
    times : ndarray [frames]
        Centres in seconds.
    frequencies : ndarray [bins]
        In Hz.
    """
    frames = -(-samples // HOP) + 1
    return np.arange(frames) * HOP / rate, np.fft.rfftfreq(WINDOW, 1 / rate)


def forward(signal):
    """Return the transform of one signal or of a batch.

    Parameters
    ----------
    signal : ndarray [..., samples]
        Real.

    Returns
    -------
    ndarray [..., frames, bins]
        Complex.
    """
    samples = signal.shape[-1]
    frames = -(-samples // HOP) + 1
    margin = [(0, 0)] * (signal.ndim - 1) + [(HOP, frames * HOP - samples)]
    halves = np.pad(signal, margin).reshape(*signal.shape[:-1], frames + 1, HOP)
    framed = np.concatenate([halves[..., :-1, :], halves[..., 1:, :]], axis=-1)
    return fft.rfft(framed * TAPER, axis=-1)


def inverse(spectrum, samples):
    """Return the signal of a transform, whatever was done to it.

    Parameters
    ----------
    spectrum : ndarray [..., frames, bins]
        Complex.
    samples : int
        Length of the signal.

    Returns
    -------
    ndarray [..., samples]
        Real; equals the signal where `spectrum` is its transform.
    """
    framed = fft.irfft(spectrum, WINDOW, axis=-1) * TAPER
    halves = np.zeros((*framed.shape[:-2], framed.shape[-2] + 1, HOP), framed.dtype)
    halves[..., :-1, :] += framed[..., :HOP]
    halves[..., 1:, :] += framed[..., HOP:]
    return halves.reshape(*halves.shape[:-2], -1)[..., HOP : HOP + samples]


def product(left, right):
    """Share the inner product of two signals out over time and frequency.

    Parameters
    ----------
    left, right : ndarray [..., samples]
        Real signals, for example a clip and the gradient of a logit on it.

    Returns
    -------
    ndarray [..., frames, bins]
        Sums to ``sum(left * right)``.
    """
    both = (forward(left) * forward(right).conj()).real / WINDOW
    both[..., 1:-1] *= 2
    return both
