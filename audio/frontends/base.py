"""What all front ends share: one clip length, one fit rule, one treatment of level.

**Length.** A clip shorter than `seconds` is repeated until it is long enough (``short="repeat"``,
the default), padded with zeros at its end (``"pad"``) or refused (``"truncate"``); a longer one is
cropped around its centre (``crop="centre"``, the default: the silence at both ends, a known
shortcut, counts least) or from its start (``crop="leading"``, as the ASVspoof baselines do).

**Level.** How loud a clip was recorded says nothing about who spoke, so no front end lets it
through: spectra are taken in decibels, limited to 80 dB below the clip's own peak, and the clip's
mean is subtracted; waveforms lose their mean and are divided by their root mean square. The mean is
one number per clip, so the tilt and the dynamics of the spectrum stay.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audio.clip import RULES, fit
from audio.dsp import taper
from experiment.errors import DataError, UsageError
from experiment.threads import on_threads

LONGEST = 600.0  # seconds of a front end
RANGE = 80.0  # dB below the peak of the clip
BLOCK = 128  # frames transformed at a time
CHUNK = 16  # clips that a thread takes at a time
UNIT = 20.0  # dB in one unit of a feature, which keeps the input of a network near one


@dataclass(frozen=True)
class FrontEnd:
    """Samples in, the input of a network out.

    Attributes
    ----------
    seconds : float
        Length that every clip is brought to.
    rate : int
        Sampling rate of the clips in Hz.
    crop : {"centre", "leading"}
        Which part of a longer clip is kept.
    short : {"repeat", "pad", "truncate"}
        What happens to a shorter clip, as in audio.clip.fit.
    """

    seconds: float = 2.0
    rate: int = 16000
    crop: str = "centre"
    short: str = "repeat"

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of what it makes of a clip."""
        raise NotImplementedError

    def __post_init__(self):
        if self.crop not in ("centre", "leading"):
            raise UsageError(f'crop is "centre" or "leading". Received: {self.crop!r}')
        if self.short not in RULES:
            raise UsageError(f"short is one of: {', '.join(RULES)}. Received: {self.short!r}")
        if not 0 < self.seconds <= LONGEST or not self.samples > 0:
            raise UsageError(f"seconds lie between 0 and {LONGEST:g}. Received: {self.seconds}")

    @property
    def samples(self):
        """Number of samples that every clip is brought to."""
        return round(self.seconds * self.rate)

    def fit(self, samples: npt.ArrayLike) -> np.ndarray:
        """Bring one clip to the length of the front end.

        Parameters
        ----------
        samples : array_like [n]
            Mono samples.

        Returns
        -------
        ndarray [samples] of float32

        Raises
        ------
        DataError
            If the clip is empty or not mono, or shorter than `short` allows.
        """
        samples = np.asarray(samples, dtype=np.float32)
        if samples.ndim != 1 or samples.size == 0:
            raise DataError(f"a clip is one row of samples. Received: shape {samples.shape}")
        spare = max(len(samples) - self.samples, 0)
        start = spare // 2 if self.crop == "centre" else 0
        return fit(samples[start:], self.samples, self.short)

    def batch(self, clips: Sequence[npt.ArrayLike]) -> np.ndarray:
        """Return the features of several clips.

        Parameters
        ----------
        clips : sequence of array_like [n]
            Mono samples, of any lengths.

        Returns
        -------
        ndarray [clips, *shape] of float32
        """
        features = np.empty((len(clips), *self.shape), np.float32)

        def fill(start):
            for row in range(start, min(start + CHUNK, len(clips))):
                features[row] = self(clips[row])

        starts = range(0, len(clips), CHUNK)
        for _ in on_threads(fill, starts) if len(starts) > 1 else map(fill, starts):
            pass
        return features


def power(samples: np.ndarray, n_fft: int, hop: int, window: int, kind: str = "hann") -> np.ndarray:
    """Return the power spectrogram of one clip, framed as librosa frames by default.

    Parameters
    ----------
    samples : ndarray [n] of float32
        Mono samples.
    n_fft, hop : int
        Length of a transform and step between frames, in samples.
    window : int
        Length of the window (even); zeros fill the transform.
    kind : str
        Of the window, a key of `TAPERS`.

    Returns
    -------
    ndarray [1 + n // hop, 1 + n_fft // 2] of float32
        The first frame is centred on the first sample; outside the clip there is silence. The
        transform is taken in float64: in float32 the weakest bands are wrong by 1e-3 dB.
    """
    padded = np.zeros(len(samples) + window, samples.dtype)
    padded[window // 2 : -(window // 2)] = samples
    count, step = 1 + len(samples) // hop, padded.strides[0]
    frames = np.ndarray((count, window), padded.dtype, padded, strides=(hop * step, step))
    out = np.empty((len(frames), n_fft // 2 + 1), np.float32)
    windowed, spectra = _scratch(window, out.shape[1])
    for start in range(0, len(frames), BLOCK):
        part = frames[start : start + BLOCK]
        product = np.multiply(part, taper(window, kind), out=windowed[: len(part)])
        spectrum = np.fft.rfft(product, n_fft, axis=1, out=spectra[: len(part)]).view(float)
        spectrum *= spectrum
        rows = out[start : start + BLOCK]
        np.add(spectrum[:, ::2], spectrum[:, 1::2], out=rows, casting="same_kind")
    return out


def _scratch(window, bins):
    """Return room for windowed frames and their spectra, the same one for each call of a thread."""
    kept = _own.__dict__
    if (window, bins) not in kept:
        kept[window, bins] = np.empty((BLOCK, window)), np.empty((BLOCK, bins), complex)
    return kept[window, bins]


_own = threading.local()


def decibels(energy):
    """Return energies in dB, none more than `RANGE` below the greatest; all 0 for silence."""
    peak = energy.max()
    if not peak > 0:
        return np.zeros_like(energy)
    floor = max(peak * 10 ** (-RANGE / 10), np.finfo(np.float32).tiny)
    return 10 * np.log10(np.maximum(energy, floor))


@dataclass(frozen=True)
class Picture(FrontEnd):
    """A time-frequency picture [frames, bands, 1], in units of 20 dB around the clip's mean.

    Front ends of this kind have a field ``hop`` (samples between frames), ``frequencies`` and
    ``energy``.
    """

    @property
    def times(self):
        """Centres of the frames in seconds, ndarray [frames]."""
        return np.arange(1 + self.samples // self.hop) * self.hop / self.rate

    @property
    def shape(self):
        """Shape of the features of one clip: (frames, bands, 1)."""
        return (len(self.times), len(self.frequencies), 1)

    def picture(self, samples):
        """Return the bands in units of 20 dB around the clip's mean, [frames, bands]."""
        level = decibels(self.energy(self.fit(samples)))
        return (level - level.mean(dtype=np.float64)) / UNIT

    def __call__(self, samples):
        """Return the features of one clip.

        Parameters
        ----------
        samples : array_like [n]
            Mono samples at `rate`.

        Returns
        -------
        ndarray [frames, bands, 1] of float32
        """
        return self.picture(samples).astype(np.float32)[..., None]


@dataclass(frozen=True)
class Spectral(Picture):
    """The linear spectrogram, and the base of all front ends that begin with it.

    Attributes
    ----------
    n_fft, hop : int
        Length of a transform and step between frames, in samples.
    window : int
        Length of the Hann window in samples; 0 stands for `n_fft`.
    """

    n_fft: int = 1024
    hop: int = 256
    window: int = 0

    @property
    def frequencies(self):
        """Centres of the bands in Hz, ndarray [bands]; None where a band is no frequency."""
        return np.fft.rfftfreq(self.n_fft, 1 / self.rate)

    def energy(self, samples):
        """Return the power of each band of a clip that has the right length, [frames, bands]."""
        return power(samples, self.n_fft, self.hop, self.window or self.n_fft)
