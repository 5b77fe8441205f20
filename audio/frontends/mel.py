"""Log-mel spectrogram, equal to librosa's."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.sparse

from audio.frontends.base import Spectral


def mel_to_hz(mel):
    """Return frequencies in Hz of Slaney's mel scale: linear to 1 kHz, then logarithmic.

    Source: M. Slaney, *Auditory Toolbox*, version 2, 1998; the default of librosa.
    """
    mel = np.asarray(mel, float)
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))


def hz_to_mel(hz):
    """Return Slaney's mel of frequencies in Hz, the inverse of `mel_to_hz`."""
    hz = np.asarray(hz, float)
    upper = 15 + np.log(np.maximum(hz, 1000) / 1000) * 27 / np.log(6.4)
    return np.where(hz < 1000, hz * 3 / 200, upper)


def triangles(edges, rate, n_fft):
    """Return triangular filters over the bins of a transform.

    Parameters
    ----------
    edges : ndarray [bands + 2]
        Band k rises from edge k to edge k + 1 and falls to edge k + 2; in Hz.
    rate, n_fft : int
        Sampling rate in Hz and length of the transform.

    Returns
    -------
    ndarray [1 + n_fft // 2, bands] of float64
        Peaks of height one.
    """
    bins = np.fft.rfftfreq(n_fft, 1 / rate)[:, None]
    width = np.diff(edges)
    rise = (bins - edges[:-2]) / width[:-1]
    fall = (edges[2:] - bins) / width[1:]
    return np.maximum(0, np.minimum(rise, fall))


def mel_edges(bands, low, high):
    """Return bands + 2 frequencies in Hz, equally spaced in mel from `low` to `high`."""
    return mel_to_hz(np.linspace(hz_to_mel(low), hz_to_mel(high), bands + 2))


@lru_cache
def mel_bank(rate, n_fft, bands, low, high):
    """Return mel filters of equal area, sparse [bands, 1 + n_fft // 2] of float32."""
    edges = mel_edges(bands, low, high)
    return filters(triangles(edges, rate, n_fft) * 2 / (edges[2:] - edges[:-2]))


def filters(bank):
    """Return filters [bins, bands] as a sparse array [bands, bins] of float32.

    Products with it take one thread, and so the same order of sums on every machine.
    """
    return scipy.sparse.csr_array(bank.astype(np.float32).T)


@dataclass(frozen=True)
class LogMel(Spectral):
    """Log-mel spectrogram [frames, bands, 1], in units of 20 dB around the clip's mean.

    Attributes
    ----------
    bands : int
        Number of mel bands.
    low, high : float
        Range in Hz; 0 as `high` stands for half the rate.
    """

    bands: int = 64
    low: float = 0.0
    high: float = 0.0

    @property
    def frequencies(self):
        """Centres of the bands in Hz, ndarray [bands]."""
        return mel_edges(self.bands, self.low, self.high or self.rate / 2)[1:-1]

    def energy(self, samples):
        """Return the power of each mel band of a clip of the right length, [frames, bands]."""
        top = self.high or self.rate / 2
        bank = mel_bank(self.rate, self.n_fft, self.bands, self.low, top)
        return (bank @ super().energy(samples).T).T
