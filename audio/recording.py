"""A recording of any length, read piece by piece at its own rate and written in its own format."""

import io
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio.decoding import check_format, decode, native
from experiment.errors import DataError

PIECE = 60.0  # s read at a time
JOIN = 0.25  # s that a piece shares with the next
ELSE = ("FLAC", "PCM_16")  # written where libsndfile reads a format but does not write it
LOSSLESS = (  # a second pass changes nothing
    *("PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"),
    *("ALAC_16", "ALAC_20", "ALAC_24", "ALAC_32"),
)


@dataclass(frozen=True)
class Recording:
    """What a sound file is.

    Attributes
    ----------
    path : Path
        The file.
    rate : int
        In Hz.
    length : int
        In samples.
    container, subtype : str
        In libsndfile's words, of what is written: the file's own where libsndfile writes it,
        otherwise FLAC of 16 bits.
    suffix : str
        Of the file that is written.
    """

    path: Path
    rate: int
    length: int
    container: str
    subtype: str
    suffix: str

    @property
    def seconds(self):
        """Duration in seconds."""
        return self.length / self.rate


def examine(path: str | Path) -> Recording:
    """Return what a sound file is, from its header.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Recording

    Raises
    ------
    DataError
        If it is not sound.
    """
    import soundfile

    path = Path(path)
    try:
        info = soundfile.info(native(path))
        length = check_format(path, info.samplerate, info.channels, info.frames)
    except (OSError, RuntimeError, TypeError):  # those of libsndfile are RuntimeErrors
        length = 0
    if not length:  # what libsndfile cannot describe is decoded as a whole, or refused
        sound = decode(path)
        return Recording(path, sound.rate, len(sound.samples), *ELSE, ".flac")
    if soundfile.check_format(info.format, info.subtype):
        kind = info.format, info.subtype, path.suffix
    else:
        kind = *ELSE, ".flac"
    return Recording(path, info.samplerate, length, *kind)


def pieces(recording: Recording, seconds: float = PIECE, join: float = JOIN):
    """Yield a recording piece by piece, in bounded memory.

    Parameters
    ----------
    recording : Recording
        From `examine`.
    seconds : float
        Length of a piece.
    join : float
        Seconds that a piece shares with the next one; see `joined`.

    Yields
    ------
    float32 ndarray [n]
        Channels averaged. The last piece is up to half longer or shorter.

    Raises
    ------
    DataError
        If samples are not finite, or fewer than the header says.
    """
    shared, step = int(join * recording.rate), int(seconds * recording.rate)
    count = max(round((recording.length - shared) / step), 1)
    with _reader(recording) as read:
        for index in range(count):
            last = index == count - 1
            length = recording.length - index * step if last else step + shared
            start = index * step
            yield _sound(read(start, length), length, recording, start)


@contextmanager
def _reader(recording):
    import soundfile

    try:
        file = soundfile.SoundFile(native(recording.path))
    except (OSError, RuntimeError, TypeError):
        whole = decode(recording.path).samples
        yield lambda start, length: whole[start : start + length]
        return

    def read(start, length):
        try:
            file.seek(start)
            return file.read(length, dtype="float32", always_2d=True).mean(axis=1)
        except RuntimeError as error:
            raise DataError(f"{recording.path}: damaged ({error}); convert it to WAV") from None

    with file:
        yield read


def _sound(samples, length, recording, start):
    """Return samples if they are as many as wanted, and numbers."""
    if len(samples) < length:
        raise DataError(f"{recording.path}: fewer samples than its header declares; copy it again")
    bad = np.flatnonzero(~np.isfinite(samples))
    if len(bad):
        raise DataError(
            f"{recording.path}: sample {start + bad[0]} is {samples[bad[0]]}; repair the source"
        )
    return samples


def joined(parts: Iterable[np.ndarray], shared: int):
    """Yield pieces that overlap as pieces that follow each other, faded into one another.

    Parameters
    ----------
    parts : iterable of ndarray [..., n]
        Each begins with what the one before ends with.
    shared : int
        Samples that they share.

    Yields
    ------
    ndarray [..., m]
        What overlapped is the weighted mean; equal pieces are as if never cut.
    """
    rise = np.linspace(0, 1, shared, endpoint=False, dtype=np.float32)
    before = None
    for part in parts:
        if before is not None:
            yield before[..., :-shared]
            part = part.copy()
            part[..., :shared] += (1 - rise) * (before[..., -shared:] - part[..., :shared])
        before = part
    if before is not None:
        yield before


@contextmanager
def writer(path: str | Path, recording: Recording):
    """Yield ``put(samples [n])``, which appends to a file in the format of a recording.

    Parameters
    ----------
    path : str or Path
        The file; its name does not decide the format.
    recording : Recording
        Gives rate and format.

    Yields
    ------
    callable
        Takes samples in [-1, 1].
    """
    import soundfile

    settings = {"format": recording.container, "subtype": recording.subtype}
    with soundfile.SoundFile(native(path), "w", recording.rate, 1, **settings) as file:

        def put(samples):
            if recording.subtype == "PCM_16":
                samples = np.clip(np.rint(samples * 32768.0), -32768, 32767).astype(np.int16)
            file.write(samples)

        yield put


def encoded(samples: np.ndarray, recording: Recording) -> np.ndarray:
    """Return samples after a pass through the recording's codec, where that loses anything.

    Parameters
    ----------
    samples : ndarray [n]
        In [-1, 1].
    recording : Recording
        Gives rate and format.

    Returns
    -------
    ndarray [n]
        Its original went through the codec before anybody read it, and goes through it again when
        it is written; so must a copy.
    """
    import soundfile

    if recording.subtype in LOSSLESS:
        return samples
    peak = max(1.0, float(np.abs(samples).max()))
    file = io.BytesIO()
    settings = {"format": recording.container, "subtype": recording.subtype}
    soundfile.write(file, samples / peak, recording.rate, **settings)
    file.seek(0)
    heard = soundfile.read(file, dtype="float32")[0][: len(samples)] * peak
    return np.pad(heard, (0, len(samples) - len(heard)))
