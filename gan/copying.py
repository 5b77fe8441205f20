"""Copies of one recording: the same speaker, words, timing, length, level, rate and file format.

Everything that says which is which without listening to speech is taken away, see
`audio.matching`; what a vocoder cannot make, the band above half of its own rate, is taken from
the original too, which is therefore written beside its copies.
"""

from contextlib import ExitStack
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from audio.clip import RATE, resample
from audio.matching import dithered, limited, match
from audio.recording import JOIN, PIECE, encoded, joined, pieces, writer
from experiment.errors import DataError, UsageError
from experiment.files import atomic, digest
from experiment.seeds import rng
from gan.classical import CLASSICAL, NEEDS, installed, open_module

STARTER = "-starter"
FULL = 1 - 2**-15
SILENT = 1e-5
SHORTEST = 0.1  # s


class Classical:
    """A vocoder without training, at 16 kHz.

    Parameters
    ----------
    name : str
        One of `CLASSICAL`.

    Raises
    ------
    UsageError
        If its package is not installed.
    """

    rate, digest = RATE, ""

    def __init__(self, name):
        if name not in installed():
            raise UsageError(f"{name} needs {NEEDS[name]}: pip install {NEEDS[name]}")
        self._copy = open_module(name).copy

    def copy(self, samples, rate):
        """Return the copy [n] of samples [n] at their rate; noise is drawn by their content."""
        ours = resample(np.asarray(samples, np.float32), rate, RATE)
        made = self._copy(ours.astype(np.float64), rng(0, digest(ours)))
        made = resample(np.asarray(made, np.float32), RATE, rate)[: len(samples)]
        return np.pad(made, (0, len(samples) - len(made)))


class _Books:
    """A codec that is asked for some of its codebooks."""

    def __init__(self, codec, books):
        self.rate, self.digest, self._codec, self._books = codec.rate, codec.digest, codec, books
        codec.copy(np.ones(1, np.float32), self.rate, books)  # refuses a number that it has not

    def copy(self, samples, rate):
        return self._codec.copy(samples, rate, self._books)


def copying():
    """Return the architectures that copy speech, list of str."""
    from gan.sizes import SIZES

    return [model for model, sizes in SIZES.items() if "hop" in next(iter(sizes.values()))]


@cache
def described():
    """Return what `open_vocoder` takes by name, and what each is: trained ones first."""
    from experiment.files import read_json
    from gan.generation import SHIPPED, shipped
    from gan.registry import GENERATORS

    found = {}
    for name in shipped():
        model = read_json(SHIPPED / name / "model.json")["config"]["model"]
        if model in copying():
            found[name.removesuffix(STARTER)] = _summary(GENERATORS[model])
    return found | {name: _summary(open_module(name)) for name in CLASSICAL}


def _summary(documented):
    return documented.__doc__.splitlines()[0]


@lru_cache(maxsize=16)
def open_vocoder(name):
    """Return a vocoder, opened once a process.

    Parameters
    ----------
    name : str
        A key of `described`, or the folder of a trained vocoder; ``codec:4`` is a codec with 4 of
        its codebooks.

    Returns
    -------
    object
        With ``copy(samples [n], rate) -> [n]``, ``rate`` in Hz and ``digest``.

    Raises
    ------
    UsageError
        If there is no such vocoder.
    DataError
        If the folder holds none.
    """
    if name in CLASSICAL:
        return Classical(name)
    place, colon, books = name.partition(":")
    model = _trained(place)
    if not colon:
        return model
    if not (model.config.books and books.isdigit()):
        raise UsageError(f"{name}: {place} has no codebooks to choose from; leave out :{books}")
    return _Books(model, int(books))


def _trained(place):
    from gan.generation import load, shipped

    name = place + STARTER if place in described() else place
    if name not in shipped() and not Path(place).is_dir():
        known = ", ".join(described())
        raise UsageError(f"no vocoder {place!r}; name a trained one's folder, or choose: {known}")
    model = load(name)
    if not model.config.copies:
        raise UsageError(f"{place}: {model.config.model} makes clips, it does not copy speech")
    model.copy(np.ones(1, np.float32), model.rate)  # traces the network before threads share it
    return model


def attack(name):
    """Return what a manifest calls the copies of a vocoder, str that can name a folder."""
    place, _, books = name.partition(":")
    return Path(place).name.removesuffix(STARTER) + (f"-{books}" if books else "")


def write_copies(recording, vocoders, targets, original=None, band=None):
    """Write the copies of a recording, and the original as it is to be heard beside them.

    Parameters
    ----------
    recording : audio.recording.Recording
        What to copy; of any length, memory is bounded.
    vocoders : sequence
        From `open_vocoder`.
    targets : sequence of str or Path
        A file for each of them; all are written, or none.
    original : str or Path, optional
        File for the original.
    band : int, optional
        Rate in Hz whose upper half is taken from all; the lowest of the vocoders' by default.

    Raises
    ------
    DataError
        If the recording is silent, too short or damaged.
    """
    if recording.seconds < SHORTEST:
        raise DataError(f"{recording.path}: {recording.seconds:.3g} s; {SHORTEST} are needed")
    band = band or min(vocoder.rate for vocoder in vocoders)
    files = [original, *targets]

    def signals():
        parts = (_side_by_side(piece, recording, vocoders, band) for piece in pieces(recording))
        return joined(parts, int(JOIN * recording.rate))

    kept = list(signals()) if recording.seconds < PIECE else None
    with ExitStack() as stack:
        temporary = [file and stack.enter_context(atomic(file)) for file in files]
        peak = _write(temporary, kept or signals(), recording)
        if peak > FULL:
            _write(temporary, kept or signals(), recording, FULL / peak)


def _side_by_side(piece, recording, vocoders, band):
    """Return a piece and its copies, float32 [1 + vocoders, n]."""
    rate = recording.rate
    original = limited(piece, rate, band)

    def copied(vocoder):
        copy = encoded(limited(vocoder.copy(piece, rate), rate, band), recording)
        return match(copy, original, rate)

    signals = np.stack([original, *map(copied, vocoders)])
    if recording.subtype != "PCM_16":
        return signals
    return dithered(signals, rate, rng(0, "dither", digest(original)))


def _write(files, parts, recording, scale=1.0):
    """Write signals side by side and return the highest peak; the original counts as one."""
    peaks = np.zeros(len(files))
    with ExitStack() as stack:
        puts = [file and stack.enter_context(writer(file, recording)) for file in files]
        for part in parts:
            peaks = np.maximum(peaks, np.abs(part).max(axis=-1))
            for put, samples in zip(puts, part, strict=True):
                if put:
                    put(samples * np.float32(scale))
    if peaks[0] < SILENT:
        raise DataError(f"{recording.path}: silent; there is nothing to copy")
    if not np.isfinite(peaks).all():
        raise DataError(f"{recording.path}: a vocoder returned what is not finite; train it longer")
    return peaks.max()
