"""Changes of a clip that leave its class as it is: for training, and to measure robustness.

Each is a frozen dataclass of ranges; called with samples at 16 kHz and a generator it draws from
them and does what the step of audio.presentation does. The same generator gives the same clip. Ends
of a range that are equal make it exact.

Add one with a dataclass here and a line in `AUGMENTATIONS`.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from audio.clip import RATE, read_samples, resample
from audio.presentation import codecs, devices, dynamics, noise, rawboost, rooms, timing
from audio.presentation.dice import ALL, drawn
from audio.presentation.steps import Scene
from experiment.errors import DataError, UsageError, choose
from experiment.seeds import rng


def _through(step, samples, generator):
    """Return samples after a step of a presentation."""
    return step.apply(np.asarray(samples), RATE, generator, Scene())


@dataclass(frozen=True)
class Noise:
    """White or pink noise at a signal-to-noise ratio over the whole clip.

    Attributes
    ----------
    low, high : float
        In dB.
    pink : bool
        Whether power falls with frequency, as in most rooms.
    """

    low: float = 5.0
    high: float = 25.0
    pink: bool = True

    def __call__(self, samples, generator):
        """Return the samples with noise, ndarray [n]."""
        ratio = generator.uniform(self.low, self.high)
        step = noise.Noise("pink" if self.pink else "white", ratio)
        return _through(step, samples, generator)


@dataclass(frozen=True)
class Stretch:
    """Faster or slower at the same pitch, by a phase vocoder.

    Attributes
    ----------
    low, high : float
        Speed; 2 halves the duration.
    """

    low: float = 0.9
    high: float = 1.1

    def __call__(self, samples, generator):
        """Return ndarray [round(n / speed)]."""
        import librosa

        speed = generator.uniform(self.low, self.high)
        window = min(2048, 1 << max(len(samples), 8).bit_length() - 1)  # none beyond the clip
        samples = np.asarray(samples, np.float32)
        return librosa.effects.time_stretch(samples, rate=speed, n_fft=window)


@dataclass(frozen=True)
class Pitch:
    """Higher or lower at the same duration.

    Attributes
    ----------
    low, high : float
        In semitones.
    """

    low: float = -2.0
    high: float = 2.0

    def __call__(self, samples, generator):
        """Return ndarray [n]."""
        speed = 2 ** (generator.uniform(self.low, self.high) / 12)
        slow = Stretch(1 / speed, 1 / speed)(samples, generator)
        found = resample(slow, round(RATE * speed), RATE)
        return np.pad(found, (0, max(len(samples) - len(found), 0)))[: len(samples)]


@dataclass(frozen=True)
class Room:
    """Reverberation: exponentially falling noise after the direct sound.

    Attributes
    ----------
    low, high : float
        Reverberation time (to -60 dB) in seconds.
    direct : float
        Level of the direct sound over the reverberation, in dB.
    """

    low: float = 0.2
    high: float = 0.8
    direct: float = 3.0

    def __call__(self, samples, generator):
        """Return ndarray [n] of the power that the samples had."""
        time = generator.uniform(self.low, self.high)
        return _through(rooms.Room("small", time, self.direct), samples, generator)


CODECS = {  # kbit/s at compression 0 and 1
    "mp3": (60, 30),
    "opus": (260, 35),
    "vorbis": (90, 43),
    "mulaw": (64, 64),
    "alaw": (64, 64),
}


@dataclass(frozen=True)
class Codec:
    """Through a codec and back.

    Attributes
    ----------
    names : tuple of str
        Keys of `CODECS`, of which one is drawn.
    low, high : float
        Compression, 0 to 1, of mp3 (60 to 30 kbit/s), opus (260 to 35) and vorbis (90 to 43).
    """

    names: tuple[str, ...] = tuple(CODECS)
    low: float = 0.3
    high: float = 0.95

    def __call__(self, samples, generator):
        """Return ndarray [n], in step with the samples."""
        name = str(generator.choice(self.names))
        most, least = choose(name, CODECS, "codec")
        kilobits = most + (least - most) * generator.uniform(self.low, self.high)
        return _through(codecs.Codec(name, kilobits), samples, generator)


@dataclass(frozen=True)
class Telephone:
    """The band of a telephone, 300 to 3400 Hz, and mu-law at 8 kHz."""

    def __call__(self, samples, generator):
        """Return ndarray [n]."""
        line = _through(devices.Band(300, 3400), samples, generator)
        return _through(codecs.Codec("mulaw"), line, generator)


@dataclass(frozen=True)
class Resample:
    """To a lower rate and back.

    Attributes
    ----------
    rates : tuple of int
        In Hz, of which one is drawn.
    """

    rates: tuple[int, ...] = (8000, 11025, 12000)

    def __call__(self, samples, generator):
        """Return ndarray [n] without what lies above half the rate."""
        step = timing.Resample(int(generator.choice(self.rates)) / 1000)
        return _through(step, samples, generator)


@dataclass(frozen=True)
class Level:
    """Louder or softer.

    Attributes
    ----------
    low, high : float
        In dB.
    """

    low: float = -20.0
    high: float = 6.0

    def __call__(self, samples, generator):
        """Return ndarray [n], not clipped."""
        step = dynamics.Level(generator.uniform(self.low, self.high))
        return _through(step, samples, generator)


@dataclass(frozen=True)
class Cut:
    """Without its beginning.

    Attributes
    ----------
    low, high : float
        Seconds that are cut; at least a tenth of a second is left.
    """

    low: float = 0.05
    high: float = 0.5

    def __call__(self, samples, generator):
        """Return the rest of the samples."""
        step = timing.Ends(-generator.uniform(self.low, self.high), 0)
        return _through(step, samples, generator)


@dataclass(frozen=True)
class Crop:
    """A window at a random place; a shorter clip stays as it is.

    Attributes
    ----------
    seconds : float
        Length of the window.
    """

    seconds: float = 1.0

    def __call__(self, samples, generator):
        """Return the samples in the window."""
        length = round(self.seconds * RATE)
        start = int(generator.integers(max(len(samples) - length, 0) + 1))
        return samples[start : start + length]


@dataclass(frozen=True)
class Trim:
    """Without silence at both ends.

    Attributes
    ----------
    threshold : float
        Silent is what lies so many dB below the loud frames (95th percentile of 10 ms).
    """

    threshold: float = -32.0

    def __call__(self, samples, generator):
        """Return the samples from the first to the last loud frame."""
        return _through(timing.Trim(self.threshold), samples, generator)


@dataclass(frozen=True)
class RawBoost:
    """Convolutive and impulsive noise that depends on the signal, and coloured noise beside it.

    Attributes
    ----------
    orders : int
        Powers of the signal that pass through notch filters of their own.
    impulses : float
        Share of the samples, at most, that get an impulse.
    low, high : float
        Signal-to-noise ratio of the coloured noise in dB.
    """

    orders: int = 5
    impulses: float = 0.1
    low: float = 10.0
    high: float = 40.0

    def __call__(self, samples, generator):
        """Return ndarray [n] with the peak that the samples had."""
        share = 100 * generator.uniform(0, self.impulses)
        ratio = generator.uniform(self.low, self.high)
        return _through(rawboost.RawBoost("all", share, ratio, self.orders), samples, generator)


@dataclass(frozen=True)
class Presented:
    """All that may happen between mouth and file: a whole chain, see audio.presentation.

    Attributes
    ----------
    choices : tuple of str
        Keys of audio.presentation.CHAINS, of which one is drawn; ``none`` is one.
    voices : tuple of str
        Files of speech for babble; without any there is none.
    """

    choices: tuple[str, ...] = ALL
    voices: tuple[str, ...] = ()

    def __call__(self, samples, generator):
        """Return the samples as they come out; silence at the ends is not looked for."""
        _, chain = drawn(generator, tuple(self.choices), babble=bool(self.voices))
        scene = Scene(tuple(map(_voice, self.voices if "babble" in str(chain) else ())))
        return chain.without(timing.Trim).apply(samples, RATE, scene)


@lru_cache(256)
def _voice(path):
    return read_samples(path, RATE)


AUGMENTATIONS = {
    "noise": Noise,
    "stretch": Stretch,
    "pitch": Pitch,
    "room": Room,
    "codec": Codec,
    "telephone": Telephone,
    "resample": Resample,
    "level": Level,
    "cut": Cut,
    "crop": Crop,
    "trim": Trim,
    "rawboost": RawBoost,
    "presentation": Presented,
}


def augmentation(name, **options):
    """Return an augmentation.

    Parameters
    ----------
    name : str
        A key of `AUGMENTATIONS`.
    **options
        Its attributes, where they differ from the defaults.

    Returns
    -------
    callable
        ``(samples, generator) -> samples``.

    Raises
    ------
    UsageError
        If there is no such augmentation or option.
    """
    kind = choose(name, AUGMENTATIONS, "augmentation")
    try:
        return kind(**options)
    except TypeError as error:
        raise UsageError(f"augmentation {name}: {error}") from None


def augmented(clip, choices, seed, copy=0, originals=None):
    """Return the samples of one augmented copy of a clip.

    Parameters
    ----------
    clip : Clip
        At 16 kHz.
    choices : mapping
        Augmentations by name, with their options; one of them is drawn for each copy.
    seed : int
        Of the run; the clip's name and `copy` make a stream of their own.
    copy : int
        Which copy.
    originals : mapping, optional
        Names of clips to the names of what they are copies of: those share their original's stream,
        so that a pair is changed in the same way.

    Returns
    -------
    ndarray of float32
        The same for the same arguments, whatever else is drawn.

    Raises
    ------
    DataError
        If the clip has another rate.
    """
    if clip.rate != RATE:
        raise DataError(f"clip {clip.name} is at {clip.rate} Hz; augmentations work at {RATE} Hz")
    first = (originals or {}).get(clip.name, clip.name)
    generator = rng(seed, "augment", first, copy)
    name = str(generator.choice(sorted(choices)))
    change = augmentation(name, **choices[name])
    return np.asarray(change(clip.samples, generator), np.float32)


def mask(features, generator, time=0.2, frequency=0.2, count=2):
    """Return features with stretches of time and bands of frequency blanked (SpecAugment).

    Parameters
    ----------
    features : ndarray [frames, bands, ...]
        Of mean zero, as the front ends give them.
    generator : numpy.random.Generator
        Draws places and widths.
    time, frequency : float
        Greatest share of the frames and of the bands that one mask covers.
    count : int
        Masks along each axis.

    Returns
    -------
    ndarray
        A copy; what is masked is 0.

    Notes
    -----
    Source: D. Park et al., *SpecAugment*, Interspeech 2019, section 2, without time warping.
    """
    features = np.array(features)
    for axis, share in ((0, time), (1, frequency)):
        size = features.shape[axis]
        for _ in range(count):
            width = int(generator.integers(round(share * size) + 1))
            start = int(generator.integers(size - width + 1))
            features[(slice(None),) * axis + (slice(start, start + width),)] = 0
    return features
