"""One clip of sound: how it is read, checked, fitted to a length and written.

Inside the toolkit sound is mono float32 at 16 kHz, resampled once, on reading.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from audio.decoding import MAX_SECONDS, decode, native
from experiment.errors import DataError, UsageError
from experiment.files import atomic, digest

RATE = 16000
SILENCE = 1e-5
LOUDEST = 8.0  # 18 dB above full scale; what is beyond is no sound on this scale
RULES = ("repeat", "pad", "truncate")


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


def make_clip(
    samples: npt.ArrayLike, rate: int = RATE, flags: tuple[str, ...] = (), name: str = ""
) -> Clip:
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
        If the samples are not one finite, non-empty channel within `LOUDEST`.
    """
    sound = _require_sound(samples)
    content = digest(sound, int(rate))
    return Clip(sound, int(rate), content, (*flags, *_oddities(sound)), name or content)


def _require_sound(samples):
    """Return samples as one finite channel of float32, or refuse them."""
    samples = np.ascontiguousarray(samples, np.float32)
    if samples.ndim != 1 or not len(samples):
        raise DataError(f"a clip is one channel with samples; received shape {samples.shape}")
    loudest = max(samples.max(), -samples.min())  # NaN where there is one
    if loudest <= LOUDEST:
        return samples
    bad = np.flatnonzero(~np.isfinite(samples))
    if len(bad):
        raise DataError(
            f"sample {bad[0]} is {samples[bad[0]]}, {len(bad)} in all are not finite; "
            "repair the source"
        )
    most = np.abs(samples).argmax()
    raise DataError(
        f"sample {most} is {samples[most]:.3g}, where full scale is 1 and at most {LOUDEST:g} "
        "is sound; scale it down, or repair the source"
    )


def _oddities(samples):
    peak = max(samples.max(), -samples.min())
    if peak < SILENCE:
        return ["silent"]
    if np.ptp(samples) < SILENCE:
        return ["constant"]
    return ["above full scale"] if peak > 1 else []


def read_clip(
    path: str | Path,
    rate: int = RATE,
    strict: bool = False,
    name: str = "",
    seconds: float = MAX_SECONDS,
) -> Clip:
    """Read any sound file, or the first sound of a video, as one mono clip at `rate`.

    The content decides the format, not the name.

    Parameters
    ----------
    path : str or Path
        Whatever libsndfile or FFmpeg read: WAV, FLAC, Ogg, MP3, A-law, AAC, AMR, MP4, WebM...
    rate : int
        Rate in Hz to resample to.
    strict : bool
        Refuse a truncated file instead of flagging it.
    name : str
        What a manifest calls it; the digest of its samples by default.
    seconds : float
        A longer one is refused.

    Returns
    -------
    Clip
        Channels averaged.

    Raises
    ------
    DataError
        If it is not sound, has no samples, or exceeds the bounds on rate, channels or duration.
    """
    samples, flags = _read(path, rate, strict, seconds)
    return make_clip(samples, rate, flags, name)


def read_samples(path, rate: int = RATE) -> np.ndarray:
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
    return _read(path, rate)[0]


def _read(path, rate, strict=False, seconds=MAX_SECONDS):
    """Return samples at `rate` and flags of what the file was like."""
    found = decode(path, seconds)
    if strict and "truncated file" in found.flags:
        raise DataError(f"{path}: fewer samples than its header declares; copy it again")
    try:
        samples = _require_sound(found.samples)
        if found.rate != rate:
            samples = np.clip(resample(samples, found.rate, rate), -LOUDEST, LOUDEST)
            samples = _require_sound(samples)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    except MemoryError:
        raise DataError(f"{path}: too long for the memory of this machine; cut it") from None
    return samples, found.flags


def resample(samples: np.ndarray, original: int, rate: int = RATE) -> np.ndarray:
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


def fit(samples: np.ndarray, n: int, rule: str = "repeat") -> np.ndarray:
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


def write_wav(path: str | Path, samples: np.ndarray, rate: int = RATE) -> None:
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
        soundfile.write(native(temporary), samples, rate, subtype="PCM_16", format="WAV")
