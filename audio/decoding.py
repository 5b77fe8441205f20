"""From a file of any format to one channel of numbers, block by block, in bounded memory.

libsndfile reads what studios and telephone exchanges write, FFmpeg (by PyAV) what phones,
messengers and cameras write. The content decides, not the name; only raw G.722 has no content to go
by. FFmpeg sees an open file and a list of formats, so that no file can name another or an address.
"""

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio.plain import read_plain
from audio.truncation import is_cut
from experiment.errors import DataError
from experiment.files import reason

MAX_SECONDS = 4 * 3600
MAX_CHANNELS = 32
MAX_VALUES = 3 * 10**9  # frames times channels; one channel of them is held
MIN_RATE, MAX_RATE = 2000, 768000
BLOCK = 1 << 20  # values of all channels read at a time
UNKNOWN = 1 << 40  # as many frames stand for a length that the header does not tell
ANTIPHASE = 1e-3
MARGIN = 0.5  # seconds
REMEDY = "convert it to WAV or FLAC"
CONTAINERS = (  # of FFmpeg: none of them refers to another file
    "aac,ac3,eac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dts,dtshd,flac,flv,matroska,webm,mka,"
    "mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,mpegvideo,nistsphere,ogg,oma,qcp,rm,sox,spdif,"
    "swf,tak,tta,voc,w64,wav,wv,xwma"
)


@dataclass(frozen=True, eq=False)
class Decoded:
    """What a file holds.

    Attributes
    ----------
    samples : ndarray [n] of float32
        Channels averaged, at the file's rate; nothing is checked but their number.
    rate : int
        In Hz.
    flags : tuple of str
        ``truncated file``, ``antiphase stereo``.
    """

    samples: np.ndarray
    rate: int
    flags: tuple = ()


def decode(path: str | Path, seconds: float = MAX_SECONDS) -> Decoded:
    """Decode a sound file, or the first sound of a video.

    Parameters
    ----------
    path : str or Path
        The file.
    seconds : float
        A longer one is refused, whatever its header says.

    Returns
    -------
    Decoded

    Raises
    ------
    DataError
        If there is none, it is not sound, has no samples, or exceeds a bound.
    """
    path = Path(path)
    try:
        return _decode(path, seconds)
    except (OSError, MemoryError, ValueError, ArithmeticError, IndexError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path}: cannot be read ({_said(error)}); {REMEDY}") from None


def _decode(path, seconds):
    size = _require_file(path)
    if (found := read_plain(path, size)) is not None:
        return _of_plain(path, seconds, *found)
    if path.suffix.lower() == ".g722":
        return _by_ffmpeg(path, seconds, "g722")
    try:
        return _by_libsndfile(path, seconds)
    except Unreadable as first:
        try:
            return _by_ffmpeg(path, seconds)
        except Unreadable as second:
            words = dict.fromkeys((str(second), str(first)))
            raise DataError(
                f"{path}: not audio that can be read ({'; '.join(words)}); {REMEDY}"
            ) from None


class Unreadable(DataError):
    """A decoder cannot make sense of the content; another may."""


def _require_file(path):
    """Return the size of a regular file in bytes."""
    try:
        found = path.stat()
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            raise DataError(f"{path}: no such file") from None
        raise DataError(f"{path}: cannot be opened ({error.strerror})") from None
    except ValueError:  # a NUL in the name
        raise DataError(f"{path}: no such file") from None
    if not stat.S_ISREG(found.st_mode):
        raise DataError(f"{path}: not a file")
    if found.st_size == 0:
        raise DataError(f"{path}: not audio (0 bytes)")
    return found.st_size


def _of_plain(path, seconds, values, rate):
    check_format(path, rate, values.shape[1], len(values), seconds)
    mix = _Mix(path, seconds)
    mix.add(scaled(values), rate)
    return mix.result(rate, cut=False)


class _Mix:
    """Blocks [n, channels] as they come, kept as one channel."""

    def __init__(self, path, seconds, declared=0):
        self.path, self.seconds, self.declared = path, seconds, declared
        self.parts, self.values, self.frames = [], 0, 0
        self.loudest = self.mixed = 0.0

    def add(self, block, rate):
        self.values += block.size
        self.frames += len(block)
        check_format(self.path, rate, block.shape[1], self.frames, self.seconds)
        mono = block[:, 0] if block.shape[1] == 1 else block.mean(axis=1)
        if block.shape[1] > 1:
            self.loudest = max(self.loudest, float(np.abs(block).max()))
            self.mixed = max(self.mixed, float(np.abs(mono).max()))
        self.parts.append(np.ascontiguousarray(mono, np.float32))

    def result(self, rate, cut=None):
        if not self.frames:
            raise DataError(f"{self.path}: a header without samples")
        cut = self.frames < self.declared or is_cut(self.path) if cut is None else cut
        flags = ["truncated file"] if cut else []
        if self.mixed < ANTIPHASE * self.loudest:
            flags.append("antiphase stereo")
        samples = self.parts[0] if len(self.parts) == 1 else np.concatenate(self.parts)
        return Decoded(samples, rate, tuple(flags))


# ------------------------------------------------------------------ libsndfile


def _by_libsndfile(path, seconds):
    import soundfile

    try:
        with soundfile.SoundFile(native(path)) as file:
            about = file.samplerate, file.channels, file.frames
            mix = _Mix(path, seconds, check_format(path, *about, seconds))
            for block in blocks(file):
                mix.add(block, file.samplerate)
            return mix.result(file.samplerate)
    except DataError:
        raise
    except Exception as error:
        raise Unreadable(_said(error)) from None


def blocks(file):
    """Yield the samples of an open SoundFile, ndarray [n, channels] of float32.

    Whether it can be searched and how long its header says that it is does not matter.
    """
    wanted = max(BLOCK // file.channels, 1)
    short = file.subtype == "PCM_16"  # scaled here, in half of the time
    while True:
        block = file.read(wanted, dtype="int16" if short else "float32", always_2d=True)
        if not len(block):
            return
        yield scaled(block) if short else block


def scaled(values):
    """Return 16-bit samples as float32 in [-1, 1)."""
    return values * np.float32(2**-15)


def native(path):
    """Return a path as libsndfile takes it: bytes where file names need not be UTF-8."""
    return os.fsencode(path) if os.name == "posix" else str(path)


def _said(error):
    """Return what a decoder said, without the path."""
    told = getattr(error, "strerror", None) or getattr(error, "error_string", None)
    return reason(told or error).removesuffix(".") or type(error).__name__


# ------------------------------------------------------------------ FFmpeg


def _by_ffmpeg(path, seconds, form=None):
    import av

    options = {} if form else {"format_whitelist": CONTAINERS}
    try:
        with (
            open(path, "rb") as file,
            av.open(file, format=form, options=options, metadata_errors="replace") as container,
        ):
            if not container.streams.audio:
                raise DataError(f"{path}: no sound in it, only pictures")
            return _frames(path, container, seconds)
    except DataError:
        raise
    except Exception as error:
        raise Unreadable(_said(error)) from None


def _frames(path, container, seconds):
    """Decode to the end, or to where the content is damaged."""
    import av

    stream, mix, rate, damaged = container.streams.audio[0], _Mix(path, seconds), 0, False
    try:
        for frame in container.decode(stream):
            if rate and frame.sample_rate != rate:
                raise DataError(f"{path}: its rate changes from {rate} to {frame.sample_rate} Hz")
            rate = frame.sample_rate
            mix.add(_scaled(frame), rate)
    except av.FFmpegError:
        damaged = True
        if not mix.frames:
            raise
    mix.declared = _declared(container, stream, rate)
    found = mix.result(rate)
    flags = dict.fromkeys([*found.flags, *(["truncated file"] if damaged else [])])
    return Decoded(found.samples, rate, tuple(flags))


def _declared(container, stream, rate):
    """Return the frames that a container promises, less what encoders leave out at the ends."""
    if stream.duration and stream.time_base:
        seconds = float(stream.duration * stream.time_base)
    else:
        seconds = 0 if container.streams.video else (container.duration or 0) / 1e6
    return int((seconds - MARGIN) * rate)


def _scaled(frame):
    """Return a frame [n, channels] of float32 in [-1, 1]."""
    values = frame.to_ndarray()
    channels = frame.layout.nb_channels
    values = values.T if frame.format.is_planar else values.reshape(-1, channels)
    if values.dtype == np.uint8:
        return (values.astype(np.float32) - 128) / 128
    if values.dtype.kind == "i":
        return (values * 2.0 ** (1 - 8 * values.dtype.itemsize)).astype(np.float32)
    return values.astype(np.float32, copy=False)


def check_format(
    path: str | Path, rate: int, channels: int, frames: int, seconds: float = MAX_SECONDS
) -> int:
    """Return the number of frames that a header declares, 0 where it is unknown.

    Parameters
    ----------
    path : str or Path
        Its name in the message.
    rate, channels, frames : int
        As declared.
    seconds : float
        At most.

    Raises
    ------
    DataError
        If one of them is out of bounds.
    """
    if not MIN_RATE <= rate <= MAX_RATE:
        raise DataError(f"{path}: a rate of {rate} Hz; between {MIN_RATE} and {MAX_RATE} is read")
    if not 1 <= channels <= MAX_CHANNELS:
        raise DataError(f"{path}: {channels} channels; 1 to {MAX_CHANNELS} are read")
    if frames >= UNKNOWN or frames < 0:
        return 0
    if frames > seconds * rate:
        unit, size = ("hours", 3600) if seconds >= 3600 else ("minutes", 60)
        raise DataError(
            f"{path}: {frames / rate / size:.1f} {unit}; cut it to at most {seconds / size:g}"
        )
    if frames * channels > MAX_VALUES:
        raise DataError(
            f"{path}: {frames * channels / 1e9:.0f} billion samples; at most "
            f"{MAX_VALUES / 1e9:.0f} billion are read: cut it, or mix it to one channel"
        )
    return frames
