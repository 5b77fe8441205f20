"""Log-mel spectrogram, equal to librosa's."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.sparse

from audio.dsp import mel_edges, slaney_bank
from audio.frontends.base import Spectral


@lru_cache
def mel_bank(rate, n_fft, bands, low, high):
    """Return mel filters of equal area, sparse [bands, 1 + n_fft // 2] of float32."""
    return filters(slaney_bank(rate, n_fft, bands, low, high))


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
