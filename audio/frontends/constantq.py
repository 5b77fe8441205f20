"""Constant-Q transform, equal to librosa's: bands on a musical scale, each as sharp for its height.

Source: C. Schoerkhuber, A. Klapuri, *Constant-Q transform toolbox for music processing*, SMC 2010:
the filters of the top octave serve every octave, on a signal that is halved in rate from one to the
next.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.fft
import scipy.sparse
import soxr

from audio.frontends.base import Picture, taper
from experiment.errors import UsageError

NEGLIGIBLE = 0.01  # share of a filter's spectrum that librosa leaves out
WIDTH = 1.5  # bins of a Hann window's equivalent noise bandwidth


def quality(per_octave):
    """Return the centre of a band over its width."""
    step = 2 ** (2 / per_octave)
    return (step + 1) / (step - 1)


@lru_cache
def octave_filters(top, per_octave, rate):
    """Return the filters of an octave, on the bins of a transform.

    Parameters
    ----------
    top : float
        Centre of the highest band in Hz.
    per_octave : int
        Number of bands.
    rate : int
        Sampling rate in Hz.

    Returns
    -------
    sparse array [per_octave, 1 + n_fft // 2] of complex64
        The smallest hundredth of each is left out, and their precision is that of librosa. Products
        with it run in one thread, which for so small ones is faster.
    """
    centres = top * 2.0 ** (np.arange(1 - per_octave, 1) / per_octave)
    lengths = quality(per_octave) * rate / centres
    n_fft = int(2 ** np.ceil(np.log2(lengths.max())))
    waves = np.stack([_wave(*pair, rate, n_fft) for pair in zip(lengths, centres, strict=True)])
    waves *= lengths[:, None] / n_fft
    spectra = scipy.fft.fft(waves, axis=1)[:, : n_fft // 2 + 1]
    return scipy.sparse.csr_array(_strong(spectra))


def _wave(length, centre, rate, n_fft):
    """Return a windowed complex wave of absolute sum one, in the middle of zeros."""
    taps = np.arange(-length // 2, length // 2)
    wave = np.exp(2j * np.pi * centre / rate * taps) * taper(len(taps))
    before = (n_fft - len(taps)) // 2
    wave = np.pad(wave / np.abs(wave).sum(), (before, n_fft - len(taps) - before))
    return wave.astype(np.complex64)


def _strong(spectra):
    size = np.abs(spectra)
    rising = np.sort(size, axis=1)
    share = np.cumsum(rising / size.sum(axis=1, keepdims=True), axis=1)
    first = np.argmin(share < NEGLIGIBLE, axis=1)
    return np.where(size < np.take_along_axis(rising, first[:, None], axis=1), 0, spectra)


def frame_spectra(samples, n_fft, hop):
    """Return the transforms of frames centred on every `hop`-th sample, [frames, bins]."""
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, n_fft // 2), n_fft)[::hop]
    return scipy.fft.rfft(frames, axis=1)


@dataclass(frozen=True)
class CQT(Picture):
    """Constant-Q spectrogram [frames, bands, 1], in units of 20 dB around the clip's mean.

    Attributes
    ----------
    hop : int
        Step between frames in samples; half as often divisible by two as there are octaves.
    low : float
        Centre of the lowest band in Hz.
    bands, per_octave : int
        Number of bands, in all and in each octave.

    Raises
    ------
    UsageError
        If the bands do not end in the top two octaves below half the rate, or `hop` cannot be
        halved from octave to octave.
    """

    hop: int = 256
    low: float = 62.0
    bands: int = 84
    per_octave: int = 12

    def __post_init__(self):
        super().__post_init__()
        end = self.frequencies[-1] * (1 + WIDTH / 2 / quality(self.per_octave))
        if not self.rate / 8 <= end <= self.rate / 2:
            raise UsageError(
                f"the highest band must end between {self.rate / 8:.0f} and {self.rate / 2:.0f} "
                f"Hz; change low, bands or per_octave. Received: {end:.0f} Hz"
            )
        if self.hop % 2 ** (self.octaves - 1):
            raise UsageError(
                f"hop must be a multiple of {2 ** (self.octaves - 1)} for {self.octaves} octaves. "
                f"Received: {self.hop}"
            )

    @property
    def octaves(self):
        """Number of octaves, the lowest perhaps in part."""
        return -(-self.bands // self.per_octave)

    @property
    def frequencies(self):
        """Centres of the bands in Hz, ndarray [bands]."""
        return self.low * 2.0 ** (np.arange(self.bands) / self.per_octave)

    def energy(self, samples):
        """Return the power of each band of a clip of the right length, [frames, bands]."""
        filters = octave_filters(self.frequencies[-1], self.per_octave, self.rate)
        n_fft, samples = 2 * (filters.shape[1] - 1), samples.astype(np.float64)
        octaves = []
        for octave in range(self.octaves):
            spectra = frame_spectra(samples, n_fft, self.hop >> octave)[: len(self.times)]
            octaves.append(np.abs(filters @ spectra.T) ** 2 * 2.0**octave)
            samples = np.sqrt(2) * soxr.resample(samples, 2, 1)
        bands = np.concatenate(octaves[::-1])[-self.bands :].T
        return bands * self.frequencies / (quality(self.per_octave) * self.rate)
