"""Sound that arrives bit by bit, from a pipe or a microphone, as mono blocks at one rate."""

import io
import struct

import numpy as np

from audio.clip import RATE
from audio.decoding import check_format
from experiment.errors import DataError, UsageError

BLOCK = 0.02  # seconds read at a time
RAW = {"s16": np.dtype("<i2"), "f32": np.dtype("<f4")}
TYPES = {(1, 16): np.dtype("<i2"), (1, 32): np.dtype("<i4"), (3, 32): np.dtype("<f4")}
MOST = 1 << 20  # bytes of a chunk that is not sound
ENDLESS = 0xFFFFFF00  # streams declare a length of 0 or about 4 GB


def pipe(stream, rate=RATE, *, source_rate=RATE, channels=1, encoding="s16"):
    """Yield the sound of a byte stream.

    Parameters
    ----------
    stream : binary file
        A WAV stream, which describes itself, or raw PCM, little-endian and interleaved.
    rate : int
        Rate in Hz of what is yielded.
    source_rate, channels : int
        Of raw PCM.
    encoding : {"s16", "f32"}
        Of raw PCM.

    Yields
    ------
    ndarray [n] of float32
        Channels averaged; about 20 ms, as soon as they have arrived.

    Raises
    ------
    UsageError
        If the encoding is unknown.
    DataError
        If the header is damaged or has an encoding that is not read.
    """
    if encoding not in RAW:
        raise UsageError(f"unknown encoding {encoding!r}; choose one of: {', '.join(RAW)}")
    kind, left = RAW[encoding], None
    head = stream.read(12)
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        kind, channels, source_rate, left = _wav_header(stream)
        head = b""
    check_format("standard input", source_rate, channels, 0)
    frames = _frames(io.BytesIO(head), stream, kind, channels, source_rate, left)
    yield from _resampled(frames, source_rate, rate)


def _wav_header(stream):
    """Return type, channels, rate and bytes of data (None if not declared)."""
    known = None
    while len(head := stream.read(8)) == 8:
        name, length = struct.unpack("<4sI", head)
        if name == b"data":
            if known is None:
                break
            return *known, length if 0 < length < ENDLESS else None
        if length > MOST:
            raise DataError(f"standard input: a chunk of {length} bytes before the sound")
        body = stream.read(length + length % 2)
        if name == b"fmt " and len(body) >= 16:
            known = _format(body)
    raise DataError("standard input: a WAV header without format or data; send raw PCM")


def _format(body):
    tag, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
    if tag == 0xFFFE and len(body) >= 26:
        (tag,) = struct.unpack("<H", body[24:26])
    if (tag, bits) not in TYPES:
        raise DataError(
            f"standard input: WAV format {tag} with {bits} bits; send 16-bit PCM or 32-bit float"
        )
    return TYPES[tag, bits], channels, rate


def _frames(head, stream, kind, channels, rate, left):
    """Yield mono samples in [-1, 1]; `head` holds bytes that were read before."""
    size = kind.itemsize * channels
    wanted = max(round(BLOCK * rate), 1) * size
    rest = head.read()
    while left is None or left > 0:
        data = stream.read(wanted if left is None else min(wanted, left))
        left = None if left is None else left - len(data)
        rest += data
        whole = len(rest) // size * size
        samples = np.frombuffer(rest[:whole], kind).reshape(-1, channels)
        rest = rest[whole:]
        if len(samples):
            full = 1.0 if kind.kind == "f" else float(2 ** (8 * kind.itemsize - 1))
            yield samples.astype(np.float32).mean(axis=1) / np.float32(full)
        if not data:
            return


def _resampled(blocks, original, rate):
    if original == rate:
        yield from blocks
        return
    import soxr

    stream = soxr.ResampleStream(original, rate, 1, dtype="float32")
    for block in blocks:
        yield stream.resample_chunk(block)
    yield stream.resample_chunk(np.zeros(0, np.float32), last=True)


def microphone(rate=RATE):
    """Yield the sound of the default microphone until it is interrupted.

    Parameters
    ----------
    rate : int
        In Hz.

    Yields
    ------
    ndarray [n] of float32
        20 ms.

    Raises
    ------
    UsageError
        If the optional package sounddevice is missing, or there is no microphone.
    """
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise UsageError(
            f"the microphone needs the package sounddevice and PortAudio ({error}): "
            "pip install sounddevice, or pipe a recorder into '-'"
        ) from None
    frames = round(BLOCK * rate)
    try:
        with sounddevice.InputStream(rate, frames, channels=1, dtype="float32") as stream:
            while True:
                yield stream.read(frames)[0][:, 0]
    except sounddevice.PortAudioError as error:
        raise UsageError(f"no microphone can be opened ({error})") from None
