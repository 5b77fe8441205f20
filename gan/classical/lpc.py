"""Linear prediction: an all-pole filter, excited by pulses where speech is voiced and by noise."""

import numpy as np

from audio.clip import RATE
from audio.dsp import centred, frames_of, hann, overlap_add

ORDER, SIZE, HOP = 18, 512, 128
LOWEST, HIGHEST = 65, 400
VOICED, OCTAVE_COST = 0.45, 0.02


def copy(samples, rng):
    """Return a clip rebuilt from linear prediction, gain, pitch and a voiced or unvoiced decision.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz.
    rng : numpy.random.Generator
        Draws the noise.

    Returns
    -------
    float64 ndarray [n]
        At 16 kHz.

    Notes
    -----
    Source: Atal and Hanauer, *Speech analysis and synthesis by linear prediction of the speech
    wave*, JASA 50(2B), 1971; autocorrelation method of Makhoul, *Linear prediction: a tutorial
    review*, Proc. IEEE 63(4), 1975, sections II and IV.
    """
    response = _filters(_windowed(samples, SIZE))
    excitation = _windowed(_excitation(samples, rng), SIZE)
    spectra = np.fft.rfft(excitation, 2 * SIZE) * response
    return overlap_add(np.fft.irfft(spectra)[:, :SIZE], HOP, SIZE // 2, len(samples))


def _windowed(samples, size):
    """Return Hann-windowed frames, frame k centred on sample ``k * HOP``."""
    return frames_of(samples, size, HOP, centred(size, HOP)) * hann(size)


def _filters(frames):
    """Return the gain times the all-pole response of each frame, [frames, size + 1]."""
    from scipy.linalg import solve_toeplitz

    power = np.abs(np.fft.rfft(frames, 2 * SIZE)) ** 2
    lags = np.fft.irfft(power)[:, : ORDER + 1]
    lags[:, 0] = lags[:, 0] * 1.0001 + 1e-9
    poles = np.array([solve_toeplitz(row[:-1], row[1:]) for row in lags])
    error = lags[:, 0] - (poles * lags[:, 1:]).sum(axis=1)
    inverse = np.fft.rfft(np.pad(-poles, ((0, 0), (1, 0))) + np.eye(1, ORDER + 1), 2 * SIZE)
    energy = (np.hanning(SIZE) ** 2).sum()
    return np.sqrt(np.maximum(error, 0) / energy)[:, None] / inverse


def _excitation(samples, rng):
    """Return pulses of unit power at the pitch, and unit noise where there is none."""
    pitch = np.repeat(_pitch(samples), HOP)[: len(samples)]
    pulse = np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0) > 0
    voiced = pulse * np.sqrt(RATE / np.maximum(pitch, 1))
    return np.where(pitch > 0, voiced, rng.standard_normal(len(samples)))


def _pitch(samples):
    """Return the pitch of each frame in Hz, 0 where unvoiced.

    Source: Boersma, *Accurate short-term analysis of the fundamental frequency*, Proc. Institute
    of Phonetic Sciences Amsterdam 17, 1993, equations 9 and 24.
    """
    frames = _windowed(samples, 2 * SIZE)
    lags = np.fft.irfft(np.abs(np.fft.rfft(frames, 4 * SIZE)) ** 2)
    first, last = RATE // HIGHEST, RATE // LOWEST
    window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(2 * SIZE), 4 * SIZE)) ** 2)
    searched = lags[:, first:last] / (lags[:, :1] + 1e-9) / (window[first:last] / window[0])
    octave = OCTAVE_COST * np.log2(np.arange(first, last) / first)
    best = (searched - octave).argmax(axis=1)
    return np.where(searched.max(axis=1) > VOICED, RATE / (best + first), 0.0)
