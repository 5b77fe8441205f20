"""One clip of sound: how it is read, checked, fitted to a length and written.

Inside the toolkit sound is mono float32 at 16 kHz, resampled once, on reading.
"""

import os
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiment.errors import DataError, UsageError
from experiment.files import atomic, digest

RATE = 16000
MAX_SECONDS = 4 * 3600
MAX_CHANNELS = 32
MIN_RATE, MAX_RATE = 2000, 768000
SILENCE = 1e-5
RULES = ("repeat", "pad", "truncate")
REMEDY = "convert it to WAV or FLAC"


@dataclass(frozen=True, eq=False)
class Clip:
    """Mono sound.

    Attributes
    ----------
    samples : ndarray [n] of float32
        Nominally in [-1, 1].
    rate : int
        Samples per second.
    digest : str
        Of samples and rate: what caches go by.
    flags : tuple of str
        What is odd about it: ``silent``, ``constant``, ``above full scale``, ``antiphase stereo``,
        ``truncated file``.
    name : str
        What the manifest calls it: what tables go by. The digest where nothing names it.
    """

    samples: np.ndarray
    rate: int
    digest: str
    flags: tuple = ()
    name: str = ""

    @property
    def seconds(self):
        """Duration in seconds."""
        return len(self.samples) / self.rate


def make_clip(samples, rate=RATE, flags=(), name=""):
    """Return a `Clip` of samples that are already mono and at their rate.

    Parameters
    ----------
    samples : array_like [n]
        Sound in [-1, 1].
    rate : int
        Samples per second.
    flags : tuple of str
        What is already known to be odd.
    name : str
        What a manifest calls it.

    Returns
    -------
    Clip
        With its digest and flags.

    Raises
    ------
    DataError
        If the samples are not one finite, non-empty channel.
    """
    samples = _require_sound(samples)
    content = digest(samples, int(rate))
    return Clip(samples, int(rate), content, (*flags, *_oddities(samples)), name or content)


def _require_sound(samples):
    """Return samples as one finite channel of float32, or refuse them."""
    samples = np.ascontiguousarray(samples, np.float32)
    if samples.ndim != 1 or not len(samples):
        raise DataError(f"a clip is one channel with samples; received shape {samples.shape}")
    bad = np.flatnonzero(~np.isfinite(samples))
    if len(bad):
        raise DataError(
            f"sample {bad[0]} is {samples[bad[0]]}, {len(bad)} in all are not finite; "
            "repair the source"
        )
    return samples


def _oddities(samples):
    peak = np.abs(samples).max()
    if peak < SILENCE:
        return ["silent"]
    if np.ptp(samples) < SILENCE:
        return ["constant"]
    return ["above full scale"] if peak > 1 else []


def read_clip(path, rate=RATE, strict=False, name=""):
    """Read any sound file as one mono clip at `rate`.

    The content decides the format, not the name.

    Parameters
    ----------
    path : str or Path
        WAV, FLAC, Ogg Vorbis, Opus, MP3, A-law and whatever else libsndfile reads; G.722 (by its
        suffix) where PyAV is installed.
    rate : int
        Rate in Hz to resample to.
    strict : bool
        Refuse a truncated file instead of flagging it.
    name : str
        What a manifest calls it; the digest of its samples by default.

    Returns
    -------
    Clip
        Channels averaged.

    Raises
    ------
    DataError
        If it is not sound, has no samples, or exceeds the bounds on rate, channels or duration.
    """
    samples, flags = _read(Path(path), rate, strict)
    return make_clip(samples, rate, flags, name)


def read_samples(path, rate=RATE):
    """Read any sound file as `read_clip` does, where the samples alone are wanted.

    Parameters
    ----------
    path : str or Path
        The file.
    rate : int
        Rate in Hz to resample to.

    Returns
    -------
    ndarray [n] of float32
        Channels averaged.

    Raises
    ------
    DataError
        As `read_clip`.
    """
    return _read(Path(path), rate)[0]


def _read(path, rate, strict=False):
    """Return samples at `rate` and flags of what the file was like."""
    channels, original, flags = _decode(path)
    if strict and "truncated file" in flags:
        raise DataError(f"{path}: fewer samples than its header declares; copy it again")
    mono = channels.mean(axis=1) if channels.shape[1] > 1 else channels[:, 0]
    if channels.shape[1] > 1 and np.abs(mono).max() < 1e-3 * np.abs(channels).max():
        flags = [*flags, "antiphase stereo"]
    try:
        samples = _require_sound(mono)
        if original != rate:
            samples = _require_sound(resample(samples, original, rate))
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    return samples, tuple(flags)


def _decode(path):
    """Return samples [n, channels], the rate and flags."""
    if not path.exists():
        raise DataError(f"{path}: no such file")
    if path.stat().st_size == 0:
        raise DataError(f"{path}: not audio (0 bytes)")
    if path.suffix.lower() == ".g722":
        return _decode_g722(path)
    import soundfile

    try:
        with soundfile.SoundFile(_native(path)) as file:
            declared = check_format(path, file.samplerate, file.channels, file.frames)
            channels = _samples(file)
            original = file.samplerate
    except (soundfile.LibsndfileError, RuntimeError, TypeError) as error:
        raise DataError(
            f"{path}: not audio that can be read ({_reason(error)}); {REMEDY}"
        ) from None
    if not len(channels):
        raise DataError(f"{path}: a header without samples")
    short = len(channels) < declared or _wav_is_cut(path)
    return channels, original, ["truncated file"] if short else []


def _samples(file):
    """Return all samples [n, channels]; 16-bit ones are scaled here, in half of the time."""
    if file.subtype != "PCM_16":
        return file.read(dtype="float32", always_2d=True)
    return file.read(dtype="int16", always_2d=True) * np.float32(2**-15)


def _native(path):
    """Return a path as libsndfile takes it: bytes where file names need not be UTF-8."""
    return os.fsencode(path) if os.name == "posix" else str(path)


def _reason(error):
    text = str(error).strip().rstrip(".")
    return text.split(": ", 1)[-1] or type(error).__name__


def check_format(path, rate, channels, frames):
    """Return the number of frames that a header declares, 0 where it is unknown.

    Parameters
    ----------
    path : str or Path
        Its name in the message.
    rate, channels, frames : int
        As declared.

    Raises
    ------
    DataError
        If one of them is out of bounds.
    """
    if not MIN_RATE <= rate <= MAX_RATE:
        raise DataError(f"{path}: a rate of {rate} Hz; between {MIN_RATE} and {MAX_RATE} is read")
    if not 1 <= channels <= MAX_CHANNELS:
        raise DataError(f"{path}: {channels} channels; 1 to {MAX_CHANNELS} are read")
    unknown = frames >= 1 << 40
    if not unknown and frames > MAX_SECONDS * rate:
        raise DataError(
            f"{path}: {frames / rate / 3600:.1f} hours; cut it to at most {MAX_SECONDS // 3600}"
        )
    return 0 if unknown else frames


def _wav_is_cut(path):
    """Whether a RIFF file declares more data than it has (0xFFFFFFFF and 0 mean a stream)."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        if file.read(4) != b"RIFF":
            return False
        file.seek(12)
        while len(head := file.read(8)) == 8:
            length = int.from_bytes(head[4:], "little")
            if head[:4] == b"data":
                return 0 < length < 0xFFFFFF00 and file.tell() + length > size
            file.seek(length + length % 2, 1)
    return False


def _decode_g722(path):
    try:
        import av
    except ImportError:
        raise DataError(f"{path}: G.722 needs PyAV: pip install '.[starter]'") from None
    try:
        with av.open(str(path), format="g722") as file:
            frames = [frame.to_ndarray().ravel() for frame in file.decode(audio=0)]
    except av.FFmpegError as error:
        raise DataError(f"{path}: not audio that can be read ({error}); {REMEDY}") from None
    if not frames:
        raise DataError(f"{path}: a header without samples")
    return np.concatenate(frames)[:, None].astype(np.float32) / 32768, 16000, []


def resample(samples, original, rate=RATE):
    """Resample one channel.

    Parameters
    ----------
    samples : ndarray [n]
        One channel.
    original, rate : int
        Rates in Hz, before and after.

    Returns
    -------
    ndarray [m]
        ``m`` is about ``n * rate / original``.
    """
    if original == rate:
        return samples
    import soxr

    return soxr.resample(samples, original, rate, quality="HQ")


def fit(samples, n, rule="repeat"):
    """Return exactly `n` samples: the first `n` of a longer clip, a shorter one made longer.

    Parameters
    ----------
    samples : ndarray [m]
        One channel.
    n : int
        Samples wanted.
    rule : {"repeat", "pad", "truncate"}
        A shorter clip is repeated, padded with zeros at its end, or refused.

    Returns
    -------
    ndarray [n]
        Of the same type.

    Raises
    ------
    UsageError
        If there is no such rule.
    DataError
        If the clip is shorter than `n` and the rule is ``truncate``.
    """
    if rule not in RULES:
        raise UsageError(f"unknown rule {rule!r}; choose one of: {', '.join(RULES)}")
    if len(samples) >= n:
        return samples[:n]
    if rule == "truncate":
        raise DataError(f"{len(samples)} samples, {n} are needed; choose the rule repeat or pad")
    if rule == "repeat":
        return np.resize(samples, n)
    return np.pad(samples, (0, n - len(samples)))


def write_wav(path, samples, rate=RATE):
    """Write 16-bit WAV, atomically.

    Parameters
    ----------
    path : str or Path
        The file.
    samples : ndarray [n]
        In [-1, 1]; what lies outside is scaled down as a whole, with a warning, never clipped.
    rate : int
        Samples per second.
    """
    import soundfile

    peak = float(np.abs(samples).max(initial=0))
    if peak > 1:
        warnings.warn(f"{path}: peak {peak:.3g} scaled down to 1", stacklevel=2)
        samples = samples / peak
    with atomic(path) as temporary:
        soundfile.write(_native(temporary), samples, rate, subtype="PCM_16", format="WAV")
