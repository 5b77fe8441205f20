"""Cepstral coefficients on mel-spaced and on linearly spaced bands."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.fft

from audio.dsp import triangles
from audio.frontends.base import Spectral
from audio.frontends.mel import LogMel, filters


def cepstrum(picture, coefficients, orders, width):
    """Return cepstral coefficients and their derivatives over time.

    Parameters
    ----------
    picture : ndarray [frames, bands]
        Log energies.
    coefficients : int
        How many coefficients of the orthonormal DCT-II are kept.
    orders : int
        0 for the coefficients alone, 1 with deltas, 2 with double deltas.
    width : int
        Frames (odd) over which the slope is fitted, as in librosa.feature.delta.

    Returns
    -------
    ndarray [frames, coefficients * (orders + 1)]
    """
    from scipy.signal import savgol_filter

    static = scipy.fft.dct(picture, axis=1, norm="ortho")[:, :coefficients]
    slopes = [
        savgol_filter(static, width, polyorder=order, deriv=order, axis=0)
        for order in range(1, orders + 1)
    ]
    return np.concatenate([static, *slopes], axis=1)


@dataclass(frozen=True)
class MFCC(LogMel):
    """Mel-frequency cepstral coefficients [frames, coefficients * (orders + 1), 1].

    The mean level of the clip is taken off before the cosine transform, so it is missing from the
    first coefficient and no other.

    Attributes
    ----------
    coefficients : int
        Coefficients kept, the first included.
    orders : int
        0 without, 1 with deltas, 2 with double deltas.
    width : int
        Frames over which a delta is fitted.
    """

    coefficients: int = 20
    orders: int = 2
    width: int = 9

    @property
    def frequencies(self):
        """None: a coefficient is no frequency."""
        return None

    @property
    def shape(self):
        """Shape of the features of one clip: (frames, coefficients * (orders + 1), 1)."""
        return (len(self.times), self.coefficients * (self.orders + 1), 1)

    def picture(self, samples):
        """Return the coefficients in units of 20 dB, [frames, coefficients * (orders + 1)]."""
        return cepstrum(super().picture(samples), self.coefficients, self.orders, self.width)


@lru_cache
def linear_bank(rate, n_fft, bands):
    """Return linearly spaced triangular filters, sparse [bands, 1 + n_fft // 2] of float32."""
    return filters(triangles(np.fft.rfftfreq(n_fft, 1 / rate), np.linspace(0, rate / 2, bands + 2)))


@dataclass(frozen=True)
class LFCC(Spectral):
    """Linear-frequency cepstral coefficients [frames, coefficients * (orders + 1), 1].

    20 coefficients of 20 bands with deltas and double deltas, in windows of 20 ms every 10 ms: the
    60-dimensional LFCC of the ASVspoof 2021 baselines.

    Attributes
    ----------
    bands : int
        Number of linearly spaced triangular bands.
    coefficients : int
        Coefficients kept, the first included.
    orders : int
        0 without, 1 with deltas, 2 with double deltas.
    width : int
        Frames over which a delta is fitted.

    Notes
    -----
    Source: M. Sahidullah, T. Kinnunen, C. Hanilci, *A comparison of features for synthetic speech
    detection*, Interspeech 2015.
    """

    n_fft: int = 512
    hop: int = 160
    window: int = 320
    bands: int = 20
    coefficients: int = 20
    orders: int = 2
    width: int = 3

    @property
    def frequencies(self):
        """None: a coefficient is no frequency."""
        return None

    @property
    def shape(self):
        """Shape of the features of one clip: (frames, coefficients * (orders + 1), 1)."""
        return (len(self.times), self.coefficients * (self.orders + 1), 1)

    def energy(self, samples):
        """Return the power of each linear band of a clip that has the right length."""
        return (linear_bank(self.rate, self.n_fft, self.bands) @ super().energy(samples).T).T

    def picture(self, samples):
        """Return the coefficients in units of 20 dB, [frames, coefficients * (orders + 1)]."""
        return cepstrum(super().picture(samples), self.coefficients, self.orders, self.width)
