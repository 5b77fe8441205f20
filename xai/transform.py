"""A short-time Fourier transform that is a tight frame, so that masks and gradients pass it.

Window and hop are those of the maps of detectors without a spectrogram of their own: 32 ms and
16 ms. Analysis and synthesis use the same square-root Hann window (Griffin and Lim, "Signal
estimation from modified short-time Fourier transform", IEEE TASSP 1984, section II), hence the
inverse is the adjoint, and inner products survive: ``sum(x * y)`` is ``product(x, y).sum()``.
"""

import numpy as np

from audio.dsp import hann, istft, stft

WINDOW = 512
HOP = WINDOW // 2
TAPER = np.sqrt(hann(WINDOW))


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
    return stft(signal, WINDOW, HOP, (HOP, frames * HOP - samples), TAPER)


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
    return istft(spectrum, WINDOW, HOP, HOP, samples, TAPER)


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
