"""Codecs, in memory: encoded, decoded, and brought back into step."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import ClassVar

import numpy as np

from audio.clip import resample
from audio.presentation.steps import Step, same_length
from experiment.errors import UsageError, choose

LOUDEST = 0.98  # where an encoder would clip


def libav(encoder, decoder, form, **options):
    """Return ``(samples, rate, kilobits) -> (decoded, rate)`` by a pair of FFmpeg's codecs.

    Parameters
    ----------
    encoder, decoder : str
        FFmpeg's names.
    form : str
        Sample format that the encoder takes: ``s16``, ``flt``, ``fltp``.
    **options
        Of the encoder.
    """

    def code(samples, rate, kilobits):
        import av

        packets, extradata = _encoded(encoder, form, options, samples, rate, kilobits)
        reader = av.CodecContext.create(decoder, "r")
        reader.sample_rate, reader.layout = rate, "mono"
        if extradata:
            reader.extradata = extradata
        frames = [frame for packet in [*packets, None] for frame in reader.decode(packet)]
        sound = np.concatenate([frame.to_ndarray().ravel() for frame in frames])
        scale = 2**-15 if sound.dtype == np.int16 else 1.0
        return sound * scale, frames[0].sample_rate

    return code


def _encoded(encoder, form, options, samples, rate, kilobits):
    import av

    try:
        writer = av.CodecContext.create(encoder, "w")
    except av.codec.codec.UnknownCodecError:
        raise UsageError(
            f"this PyAV has no encoder {encoder}; install the wheel from PyPI: pip install av"
        ) from None
    writer.sample_rate, writer.layout, writer.format = rate, "mono", form
    writer.time_base, writer.options = Fraction(1, rate), options
    if kilobits:
        writer.bit_rate = round(kilobits * 1000)
    if form == "s16":
        samples = np.clip(np.round(samples * 32767), -32768, 32767).astype(np.int16)
    plane = np.ascontiguousarray(samples, np.int16 if form == "s16" else np.float32)[None]
    frame = av.AudioFrame.from_ndarray(plane, format=form, layout="mono")
    frame.sample_rate, frame.pts = rate, 0
    return [*writer.encode(frame), *writer.encode(None)], writer.extradata


def vorbis(samples, rate, kilobits):
    """Return the samples through Ogg Vorbis by libsndfile (FFmpeg's own encoder is experimental).

    The encoder takes a quality; `kilobits` is what a voice at 16 kHz comes to, near enough.
    """
    import soundfile

    quality = np.interp(kilobits, (27, 45, 67), (0.9, 0.5, 0.1))
    file = io.BytesIO()
    options = {"format": "OGG", "subtype": "VORBIS", "compression_level": float(quality)}
    soundfile.write(file, samples, rate, **options)
    file.seek(0)
    return soundfile.read(file)[0], rate


@dataclass(frozen=True)
class Format:
    """A codec.

    Attributes
    ----------
    code : callable
        ``(samples, rate, kilobits) -> (decoded, rate)``.
    rates : tuple of int
        In Hz, ascending; the first that is not below the recording's is taken, or the last.
    kilobits : tuple of float
        Rates in kbit/s to draw from.
    """

    code: Callable = field(repr=False)
    rates: tuple[int, ...]
    kilobits: tuple[float, ...]

    def rate(self, own):
        """Return the rate at which it runs for a recording at rate `own`."""
        return next((rate for rate in self.rates if rate >= own), self.rates[-1])


MPEG = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
FORMATS = {
    "mp3": Format(
        libav("libmp3lame", "mp3float", "fltp", compression_level="7"),
        (16000, 22050, 24000, 32000, 44100, 48000),
        (16, 24, 32, 48, 64, 96, 128),
    ),
    "vorbis": Format(vorbis, MPEG, (28, 35, 45, 60)),
    "opus": Format(
        libav("libopus", "libopus", "flt", compression_level="5"),
        (8000, 12000, 16000, 24000, 48000),
        (8, 12, 16, 24, 32, 48, 64),
    ),
    "aac": Format(libav("aac", "aac", "fltp"), MPEG, (16, 24, 32, 48, 64, 96)),
    "alaw": Format(libav("pcm_alaw", "pcm_alaw", "s16"), (8000,), (64,)),
    "mulaw": Format(libav("pcm_mulaw", "pcm_mulaw", "s16"), (8000,), (64,)),
    "g722": Format(libav("g722", "g722", "s16"), (16000,), (64,)),
    "amrnb": Format(
        libav("libopencore_amrnb", "libopencore_amrnb", "s16"),
        (8000,),
        (4.75, 5.15, 5.9, 6.7, 7.4, 7.95, 10.2, 12.2),
    ),
}


def through(samples, rate, name, kilobits):
    """Return samples through a codec and back.

    Parameters
    ----------
    samples : ndarray [n]
        One channel; what would clip in the encoder is scaled down for it and up again.
    rate : int
        In Hz; resampled to what the codec knows, and back.
    name : str
        A key of `FORMATS`.
    kilobits : float
        In kbit/s; the encoder takes the nearest that it has at this rate.

    Returns
    -------
    float64 ndarray [n]
        In step with the samples: the codec's delay is measured once and taken off.

    Raises
    ------
    UsageError
        If there is no such codec, or PyAV was built without its encoder.
    """
    form = choose(name, FORMATS, "codec")
    own = form.rate(rate)
    scale = min(1.0, LOUDEST / max(np.abs(samples).max(initial=0), 1e-12))
    sound = resample(np.asarray(samples, np.float64) * scale, rate, own)
    delay = _delay(name, own)
    sound = np.pad(sound, (0, max(delay, 0) + own // 20))
    decoded, other = form.code(sound, own, kilobits)
    decoded = resample(decoded, other, own)
    decoded = decoded[delay:] if delay >= 0 else np.pad(decoded, (-delay, 0))
    return same_length(resample(decoded, own, rate), len(samples)) / scale


@cache
def _delay(name, rate):
    """Return by how many samples a codec delays a made-up voice at its highest rate."""
    from scipy.signal import correlate

    voice = _voice(rate)
    decoded, other = FORMATS[name].code(voice, rate, FORMATS[name].kilobits[-1])
    decoded = resample(decoded, other, rate)
    return int(np.argmax(correlate(decoded, voice, "full", "fft"))) - (len(voice) - 1)


def _voice(rate, seconds=2.0):
    """Return pulses of a moving pitch through three formants, with breath, at full band."""
    from scipy.signal import lfilter

    n = round(seconds * rate)
    generator = np.random.default_rng(0)
    time = np.arange(n) / rate
    phase = np.cumsum(110 + 30 * np.sin(2 * np.pi * 1.7 * time)) / rate
    sound = np.diff(np.floor(phase), prepend=0) + 0.03 * generator.standard_normal(n)
    for hertz, width in ((600, 90), (1300, 120), (2500, 200)):
        radius = np.exp(-np.pi * width / rate)
        sound = lfilter([1], [1, -2 * radius * np.cos(2 * np.pi * hertz / rate), radius**2], sound)
    sound *= 1 + 0.9 * np.sin(2 * np.pi * 3.1 * time)
    return 0.5 * sound / np.abs(sound).max()


@dataclass(frozen=True)
class Codec(Step):
    """Through a codec and back.

    Attributes
    ----------
    name : str
        A key of `FORMATS`.
    kilobits : float, optional
        In kbit/s; the highest of its list by default.
    """

    word: ClassVar[str] = "codec"
    name: str = "opus"
    kilobits: float | None = None

    def __post_init__(self):
        form = choose(self.name, FORMATS, "codec")
        object.__setattr__(self, "kilobits", float(self.kilobits or form.kilobits[-1]))

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n]."""
        return through(samples, rate, self.name, self.kilobits)

    def __str__(self):
        return f"{self.name}:{self.kilobits:g}k"

    @classmethod
    def read(cls, words):
        """Return the codec from its name and, where given, its rate: ``opus:16k``."""
        name, *rest = words
        rates = [text.removesuffix("k") for text in rest]
        try:
            return cls(name, *map(float, rates[:1])) if len(rest) < 2 else cls(*words, None)
        except (ValueError, TypeError):
            raise UsageError(f"{':'.join(words)!r}: write a codec as opus:16k") from None
