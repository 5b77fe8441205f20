"""Changes of a clip that leave its class as it is: for training, and to measure robustness.

Each is a frozen dataclass of ranges; called with samples at 16 kHz and a generator it draws from
them. The same generator gives the same clip. Ends of a range that are equal make it exact.

Add one with a dataclass here and a line in `AUGMENTATIONS`.
"""

import io
from dataclasses import dataclass

import numpy as np

from audio.clip import RATE, resample
from experiment.errors import DataError, UsageError, choose
from experiment.seeds import rng

LOUDEST = 0.98  # where a codec would clip


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
        noise = generator.standard_normal(len(samples))
        if self.pink:
            bins = np.arange(len(samples) // 2 + 1)
            noise = np.fft.irfft(np.fft.rfft(noise) / np.sqrt(np.maximum(bins, 1)), len(samples))
        return samples + noise * _size(samples) / _size(noise) * 10 ** (-ratio / 20)


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
        return librosa.effects.time_stretch(np.asarray(samples, np.float32), rate=speed)


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

    def response(self, generator):
        """Return the impulse response, ndarray [m]; the direct sound is its first sample, 1."""
        time = generator.uniform(self.low, self.high)
        decay = 10 ** (-3 * np.arange(1, round(time * RATE)) / (time * RATE))
        tail = generator.standard_normal(len(decay)) * decay
        tail *= 10 ** (-self.direct / 20) / np.sqrt((tail**2).sum())
        return np.append(1.0, tail)

    def __call__(self, samples, generator):
        """Return ndarray [n] of the power that the samples had."""
        from scipy.signal import oaconvolve

        wet = oaconvolve(samples, self.response(generator))[: len(samples)]
        return wet * _size(samples) / max(_size(wet), 1e-12)


CODECS = {  # container, encoding, rate
    "mp3": ("MP3", "MPEG_LAYER_III", RATE),
    "opus": ("OGG", "OPUS", RATE),
    "vorbis": ("OGG", "VORBIS", RATE),
    "mulaw": ("WAV", "ULAW", 8000),
    "alaw": ("WAV", "ALAW", 8000),
}


@dataclass(frozen=True)
class Codec:
    """Through a codec and back, by libsndfile; nothing else needs to be installed.

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
        import soundfile

        form, encoding, rate = choose(str(generator.choice(self.names)), CODECS, "codec")
        squeeze = generator.uniform(self.low, self.high)
        options = {} if form == "WAV" else {"compression_level": squeeze}
        scale = min(1.0, LOUDEST / max(np.abs(samples).max(), 1e-12))
        file = io.BytesIO()
        sound = resample(samples * scale, RATE, rate)
        soundfile.write(file, sound, rate, format=form, subtype=encoding, **options)
        file.seek(0)
        decoded = resample(soundfile.read(file)[0], rate, RATE) / scale
        return np.pad(decoded, (0, max(len(samples) - len(decoded), 0)))[: len(samples)]


@dataclass(frozen=True)
class Telephone:
    """The band of a telephone, 300 to 3400 Hz, and mu-law at 8 kHz."""

    def __call__(self, samples, generator):
        """Return ndarray [n]."""
        from scipy.signal import butter, sosfiltfilt

        band = butter(4, (300, 3400), "bandpass", fs=RATE, output="sos")
        return Codec(("mulaw",))(sosfiltfilt(band, samples), generator)


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
        rate = int(generator.choice(self.rates))
        found = resample(resample(samples, RATE, rate), rate, RATE)
        return np.pad(found, (0, max(len(samples) - len(found), 0)))[: len(samples)]


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
        return samples * 10 ** (generator.uniform(self.low, self.high) / 20)


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
        start = round(generator.uniform(self.low, self.high) * RATE)
        return samples[min(start, max(len(samples) - RATE // 10, 0)) :]


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
        size = RATE // 100
        if len(samples) < 5 * size:
            return samples
        power = (samples[: len(samples) // size * size].reshape(-1, size) ** 2).mean(axis=1)
        level = 10 * np.log10(power + 1e-12)
        loud = np.flatnonzero(level > np.percentile(level, 95) + self.threshold)
        return samples[loud[0] * size : (loud[-1] + 1) * size]


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

    Notes
    -----
    Source: H. Tak et al., *RawBoost: a raw data boosting and augmentation method applied to
    automatic speaker verification anti-spoofing*, ICASSP 2022, section 3: the three noises in
    series. The filters are drawn here as five notches of 100 to 1000 Hz width.
    """

    orders: int = 5
    impulses: float = 0.1
    low: float = 10.0
    high: float = 40.0

    def __call__(self, samples, generator):
        """Return ndarray [n] with the peak that the samples had."""
        peak = max(np.abs(samples).max(), 1e-12)
        sound = self._convolutive(samples / peak, generator)
        hit = generator.random(len(sound)) < generator.uniform(0, self.impulses)
        sound = sound + hit * sound * generator.uniform(-1, 1, len(sound)) * 2
        colour = _notches(generator.standard_normal(len(sound)), generator)
        ratio = generator.uniform(self.low, self.high)
        sound = sound + colour * _size(sound) / max(_size(colour), 1e-12) * 10 ** (-ratio / 20)
        return sound / max(np.abs(sound).max(), 1e-12) * peak

    def _convolutive(self, sound, generator):
        """Return the sum of filtered powers, each further one 5 to 20 dB below."""
        total = _notches(sound, generator)
        for order in range(2, self.orders + 1):
            gain = 10 ** (-generator.uniform(5, 20) / 20)
            total = total + gain * _notches(sound**order, generator)
        return total - total.mean()


def _notches(sound, generator, count=5):
    """Return `sound` through band-stop filters at random places."""
    from scipy.signal import firwin, oaconvolve

    edges = []
    for centre in np.sort(generator.uniform(20, RATE / 2 - 20, count)):
        width = generator.uniform(100, 1000) / 2
        low, high = max(centre - width, 10), min(centre + width, RATE / 2 - 10)
        if not edges or low > edges[-1] + 20:
            edges += [low, high]
    kernel = firwin(101, edges, pass_zero="bandstop", fs=RATE)
    return oaconvolve(sound, kernel, "same")


def _size(samples):
    return np.sqrt(np.mean(np.square(samples, dtype=np.float64)))


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


def augmented(clip, choices, seed, copy=0):
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
    generator = rng(seed, "augment", clip.name, copy)
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
