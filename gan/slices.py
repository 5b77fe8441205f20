"""Training audio as slices of equal length, from memory or from disk, in bounded memory.

What batch number `k` holds depends on the seed and on `k` alone, so that a resumed training goes on
with the same slices. Files are examined once, block by block; what fits `GanConfig.memory` stays
decoded, the rest is read slice by slice.
"""

import queue
import threading
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import soundfile
import soxr

from audio.clip import LOUDEST, Clip, make_clip
from audio.decoding import blocks, check_format, decode, native
from audio.listing import audio_files
from audio.manifest import is_manifest, load
from experiment.errors import DataError, UsageError
from experiment.files import digest
from experiment.progress import track
from experiment.seeds import rng

SILENT = 1e-4


@dataclass(frozen=True)
class Source:
    """One file, or one clip in memory.

    Attributes
    ----------
    path : str
        Of the file, or the clip's id.
    frames : int
        Length at its own rate.
    rate : int
        Sampling rate in Hz.
    peak : float
        Largest magnitude.
    label : str
        Class, where the model is conditional.
    audio : ndarray [frames, channels], optional
        Decoded, where it is kept.
    """

    path: str
    frames: int
    rate: int
    peak: float
    label: str = ""
    audio: np.ndarray | None = field(default=None, repr=False, compare=False)


def examine(path, label=""):
    """Read a file once, block by block.

    Parameters
    ----------
    path : str or Path
        Any format; one that cannot be searched is held in memory.
    label : str
        Class of the source.

    Returns
    -------
    Source
        Without its audio, where it can be read again from any place.

    Raises
    ------
    DataError
        If the file is not audio, empty, of an unusable rate, or holds a number that is not finite.
    """
    try:
        with soundfile.SoundFile(native(path)) as file:
            if file.seekable() and check_format(path, file.samplerate, file.channels, file.frames):
                return Source(str(path), *_measured(path, file), label)
    except (soundfile.SoundFileError, RuntimeError, TypeError, OSError):
        pass  # another decoder may know it
    found = decode(path)
    return replace(_from_clip(make_clip(found.samples, found.rate), label), path=str(path))


def _measured(path, file):
    """Return frames, rate and peak of an open file."""
    frames, peak = 0, 0.0
    for block in blocks(file):
        highest = float(np.abs(block).max())
        if not highest <= LOUDEST:
            raise DataError(
                f"{path}: a sample of {highest:.3g}, not finite or beyond {LOUDEST:g} where full "
                "scale is 1; repair or leave out the file"
            )
        frames += len(block)
        peak = max(peak, highest)
    if not frames:
        raise DataError(f"{path}: holds no samples; leave it out")
    return frames, file.samplerate, peak


def _from_clip(clip, label=""):
    audio = np.asarray(clip.samples, "float32")[:, None]
    return Source(clip.name, len(audio), clip.rate, float(np.abs(audio).max()), label, audio)


def _listing(data, label):
    """Return (path, label) of every file of a manifest or a folder."""
    if not isinstance(data, pd.DataFrame):
        if not is_manifest(data):
            if label not in ("", "folder"):
                raise UsageError(f"{data} is no manifest: label is {label!r}, it can be: folder")
            return [(str(path), path.parent.name if label else "") for path in audio_files(data)]
        data = load(data)
    if label and label not in data:
        raise UsageError(f"no column {label!r} in the manifest; it has: {', '.join(data.columns)}")
    labels = data[label].astype(str) if label else [""] * len(data)
    return list(zip(data["path"].astype(str), labels, strict=True))


def gather(data, config):
    """Find the sources of a training.

    Parameters
    ----------
    data : sequence of Clip, DataFrame, str or Path
        Clips, a manifest, or the path of a manifest or of a folder of audio of any format.
    config : GanConfig
        Of which `label`, `memory`, `rate` and `channels` count here.

    Returns
    -------
    sources : list of Source
        As many as fit `memory` hold their audio.
    rejects : list of (str, str)
        Files that cannot be used, each with the reason.

    Raises
    ------
    DataError
        If nothing is left.
    """
    if isinstance(data, (list, tuple)) and all(isinstance(clip, Clip) for clip in data):
        if config.label:
            raise UsageError(f"clips have no column {config.label!r}; train from a manifest")
        return _require([_keep(_from_clip(clip), config)[0] for clip in data], [])
    sources, rejects, room = [], [], config.memory * 10**6
    for path, label in track(_listing(data, config.label), "examining the training audio"):
        try:
            source, used = _keep(examine(path, label), config, room)
        except DataError as error:
            rejects.append((path, str(error).removeprefix(f"{path}: ")))
            continue
        room -= used
        sources.append(source)
    return _require(sources, rejects)


def _require(sources, rejects):
    if not sources:
        first = f"; the first of {len(rejects)}: {': '.join(rejects[0])}" if rejects else ""
        raise DataError(f"no usable training audio{first}")
    return sources, rejects


def _keep(source, config, room=np.inf):
    """Return the source, decoded at the model's rate where `room` bytes allow, and its size."""
    size = 4 * config.channels * source.frames * config.rate / source.rate
    if size > room:
        return source, 0
    audio = read(source, 0, source.frames, config)
    kept = replace(source, frames=len(audio), rate=config.rate, audio=audio)
    return kept, audio.nbytes


def read(source, start, count, config):
    """Return part of a source at the model's rate and channels.

    Parameters
    ----------
    source : Source
        Decoded or on disk.
    start, count : int
        First frame and number of frames, at the source's rate.
    config : GanConfig
        Of which `rate` and `channels` count here.

    Returns
    -------
    ndarray [samples, channels], float32
        Resampled where the rates differ.

    Raises
    ------
    DataError
        If the file has gone or its channels do not fit.
    """
    if source.audio is None:
        try:
            with soundfile.SoundFile(native(source.path)) as file:
                file.seek(start)
                audio = file.read(count, dtype="float32", always_2d=True)
        except (soundfile.SoundFileError, OSError) as error:
            raise DataError(f"{source.path}: changed while training ({error})") from None
    else:
        audio = source.audio[start : start + count]
    audio = _channels(audio, config.channels, source.path)
    if source.rate != config.rate:
        audio = soxr.resample(audio, source.rate, config.rate)
    return audio


def _channels(audio, channels, path):
    if audio.shape[1] == channels:
        return audio
    if channels == 1:
        return audio.mean(axis=1, keepdims=True)
    if audio.shape[1] == 1:
        return audio.repeat(channels, axis=1)
    raise DataError(f"{path}: {audio.shape[1]} channels where the model has {channels}; mix it")


class Slices:
    """Batches of slices, by number.

    Parameters
    ----------
    sources : list of Source
        What to slice: a short one is one slice, padded at its end with zeros; a long one has as
        many as its length holds, each cut at a random offset of its stretch.
    config : GanConfig
        Of which `samples`, `overlap`, `batch`, `seed`, `label` and `normalize` count here.

    Attributes
    ----------
    classes : tuple of str
        Labels in order; empty where the model is unconditional.
    slots : ndarray [slices, 2] of int
        Source and stretch of each slice.
    """

    def __init__(self, sources, config):
        self.sources = sources
        self.config = config
        self.classes = tuple(sorted({s.label for s in sources})) if config.label else ()
        self.hop = max(round(config.samples * (1 - config.overlap)), 1)
        counts = [max(-(-self._spare(source) // self.hop), 1) for source in sources]
        self.slots = np.array([(i, j) for i, count in enumerate(counts) for j in range(count)])

    def __len__(self):
        return len(self.slots)

    def _spare(self, source):
        return int(source.frames * self.config.rate / source.rate) - self.config.samples

    def digest(self):
        """Return 16 hexadecimal digits that name the sources and how they are cut."""
        known = [(s.path, s.frames, s.rate, round(s.peak, 6), s.label) for s in self.sources]
        return digest(known, self.config.samples, self.config.overlap, self.config.normalize)

    def cut(self, slot, draw):
        """Return one slice.

        Parameters
        ----------
        slot : int
            Which.
        draw : float
            Where in its stretch, in [0, 1).

        Returns
        -------
        ndarray [samples, channels], float32
            Padded at its end where the source is shorter.
        """
        config = self.config
        index, stretch = self.slots[slot]
        source = self.sources[index]
        start = stretch * self.hop
        start += int(draw * (min(self.hop, max(self._spare(source) - start, 0)) + 1))
        scale = source.rate / config.rate
        count = int(np.ceil(config.samples * scale))
        audio = read(source, int(start * scale), count, config)[: config.samples]
        if config.normalize and source.peak > SILENT:
            audio = audio / source.peak
        return np.pad(audio, [(0, config.samples - len(audio)), (0, 0)])

    def batch(self, number):
        """Return batch `number` of an endless sequence that goes through all slices in turn.

        Parameters
        ----------
        number : int
            0 for the first.

        Returns
        -------
        audio : ndarray [batch, samples, channels], float32
            Slices in random order, at random offsets.
        labels : ndarray [batch], int32
            Indices into `classes`; zeros where there are none.
        """
        first = number * self.config.batch
        slots = [self._order(k) for k in range(first, first + self.config.batch)]
        draws = rng(self.config.seed, "offsets", number).random(len(slots))
        audio = np.stack([self.cut(slot, draw) for slot, draw in zip(slots, draws, strict=True)])
        labels = [self.label(slot) for slot in slots]
        return audio, np.array(labels, "int32")

    def label(self, slot):
        """Return the index of a slice's class."""
        label = self.sources[self.slots[slot][0]].label
        return self.classes.index(label) if self.classes else 0

    def _order(self, position):
        epoch, place = divmod(position, len(self))
        if getattr(self, "_epoch", None) != epoch:
            self._shuffled = rng(self.config.seed, "order", epoch).permutation(len(self))
            self._epoch = epoch
        return self._shuffled[place]


class Ahead:
    """Items computed by a thread, a few ahead of who uses them.

    Parameters
    ----------
    function : callable
        From a number to an item.
    first : int
        Number of the first item.
    depth : int
        Items that wait at most.
    """

    def __init__(self, function, first=0, depth=8):
        self._items = queue.Queue(depth)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(function, first), daemon=True)
        self._thread.start()

    def _work(self, function, number):
        while not self._stop.is_set():
            try:
                item = function(number)
            except Exception as error:
                item = error
            self._put(item)
            number += 1

    def _put(self, item):
        while not self._stop.is_set():
            try:
                return self._items.put(item, timeout=0.1)
            except queue.Full:
                continue

    def next(self):
        """Return the next item, or raise what its computation raised."""
        item = self._items.get()
        if isinstance(item, Exception):
            raise item
        return item

    def close(self):
        """Stop the thread."""
        self._stop.set()
        self._thread.join()
