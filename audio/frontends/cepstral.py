"""Cepstral coefficients on mel-spaced and on linearly spaced bands."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.fft

from audio.dsp import TAPERS, triangles
from audio.frontends.base import Spectral, power
from audio.frontends.mel import LogMel, filters
from experiment.errors import UsageError, choose

FLOOR = float(np.finfo(np.float32).eps)  # under absolute logarithms, as in the ASVspoof baselines


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
    return fitted_slopes(cosines(picture, coefficients), orders, width)


def cosines(picture, coefficients):
    """Return the first coefficients of the orthonormal DCT-II, [frames, coefficients]."""
    return scipy.fft.dct(picture, axis=1, norm="ortho")[:, :coefficients]


def fitted_slopes(static, orders, width):
    """Return coefficients with derivatives from polynomials fitted over `width` frames."""
    from scipy.signal import savgol_filter

    slopes = [
        savgol_filter(static, width, polyorder=order, deriv=order, axis=0)
        for order in range(1, orders + 1)
    ]
    return np.concatenate([static, *slopes], axis=1)


def differences(static, orders, width):
    """Return coefficients with the differences between the next and the last frame, repeatedly."""
    parts = [static]
    for _ in range(orders):
        padded = np.pad(parts[-1], ((1, 1), (0, 0)), mode="edge")
        parts.append(padded[2:] - padded[:-2])
    return np.concatenate(parts, axis=1)


SLOPES = {"fit": fitted_slopes, "difference": differences}
LEVELS = ("relative", "absolute")


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
def linear_bank(rate, n_fft, bands, low=0.0, high=0.0):
    """Return linearly spaced triangular filters, sparse [bands, 1 + n_fft // 2] of float32."""
    edges = np.linspace(low, high or rate / 2, bands + 2)
    return filters(triangles(np.fft.rfftfreq(n_fft, 1 / rate), edges))


@dataclass(frozen=True)
class LFCC(Spectral):
    """Linear-frequency cepstral coefficients [frames, coefficients * (orders + 1), 1].

    By default 20 coefficients of 20 bands from 0 Hz to half the rate with deltas and double deltas,
    in windows of 20 ms every 10 ms. The baselines of ASVspoof 2021 are settings of it, see
    audio.frontends.published.

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
    low, high : float
        Range in Hz; 0 as `high` stands for half the rate.
    taper : {"hann", "hamming"}
        Kind of window.
    emphasis : float
        Share of the sample before that is taken off each sample.
    slope : {"fit", "difference"}
        Deltas as polynomials fitted over `width` frames, or as the next less the last frame.
    level : {"relative", "absolute"}
        Energies in units of 20 dB around the clip's mean, or their decimal logarithms as they are,
        which let the level through.
    log_energy : bool
        Put the logarithm of the frame's energy in place of the first coefficient; with
        ``level="absolute"``.

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
    low: float = 0.0
    high: float = 0.0
    taper: str = "hann"
    emphasis: float = 0.0
    slope: str = "fit"
    level: str = "relative"
    log_energy: bool = False

    def __post_init__(self):
        super().__post_init__()
        choose(self.taper, TAPERS, "taper")
        choose(self.slope, SLOPES, "slope")
        choose(self.level, dict.fromkeys(LEVELS), "level")
        if self.log_energy and self.level != "absolute":
            raise UsageError('log_energy needs level="absolute". Received: "relative"')

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
        return (self.bank @ self._power(samples).T).T

    def picture(self, samples):
        """Return the coefficients, [frames, coefficients * (orders + 1)]."""
        if self.level == "relative":
            static = cosines(super().picture(samples), self.coefficients)
        else:
            spectrum = self._power(self.fit(samples))
            static = cosines(np.log10((self.bank @ spectrum.T).T + FLOOR), self.coefficients)
            if self.log_energy:
                static[:, 0] = np.log10(spectrum.sum(axis=1) / self.n_fft + FLOOR)
        return SLOPES[self.slope](static, self.orders, self.width)

    @property
    def bank(self):
        """Filters, sparse [bands, 1 + n_fft // 2]."""
        return linear_bank(self.rate, self.n_fft, self.bands, self.low, self.high)

    def _power(self, samples):
        if self.emphasis:
            samples = np.append(samples[:1], samples[1:] - self.emphasis * samples[:-1])
        return power(samples, self.n_fft, self.hop, self.window or self.n_fft, self.taper)
