"""Features of whole manifests, computed once for each front end and set of clips."""

import numpy as np
import pandas as pd

from audio.clip import read_samples
from audio.manifest import clips
from audio.presentation import draw
from audio.presentation.timing import Ends, Trim
from audio.presentation.write import first_names
from encoders.frontend import to_dict
from experiment.arrays import cached
from experiment.errors import DataError
from experiment.files import digest, file_digest
from experiment.progress import meter
from experiment.seeds import rng
from experiment.threads import on_threads

GROUP = 64  # clips in memory; reading them on threads as well is slower
VIEW = "~"
VERSION = 4  # counts changes of any front end's numbers


def of_manifest(front_end, frame, change=None, name=None):
    """Return the features of every clip of a manifest.

    Parameters
    ----------
    front_end : FrontEnd
        What to compute.
    frame : DataFrame
        A manifest. The bytes of its files name the content, so that a cached result is found again
        wherever the files lie and an edited file never gets the features of its former self.
    change : callable, optional
        From a Clip to the samples that are looked at instead of its own.
    name : object, optional
        What JSON holds and tells this change from any other; needed with `change`.

    Returns
    -------
    ndarray [clips, *front_end.shape] of float32
        Read-only, memory-mapped from the cache.
    """
    paths = frame["path"].tolist()
    changed = [] if change is None else [name, frame["name"].tolist()]
    content = list(on_threads(file_digest, paths))
    key = digest(VERSION, to_dict(front_end), content, *changed)
    shape = (len(paths), *front_end.shape)
    return cached("features", key, shape, lambda: _blocks(front_end, frame, change))


def heard(front_end, frame, config, seed, epochs=(0,)):
    """Return the features of clips as they are and, after them, as they are heard in some epochs.

    Parameters
    ----------
    front_end : FrontEnd
        What to compute.
    frame : DataFrame
        A manifest.
    config : TrainConfig
        Names the presentations and, except for epoch 0, the lengths to draw from; without
        presentations the clips come as they are alone.
    seed : int
        Of the draws. A copy is heard as its original is.
    epochs : sequence of int
        Each has draws of its own; 0 is that of the development clips.

    Returns
    -------
    features : ndarray [views, *front_end.shape] of float32
    frame : DataFrame
        A row for each view; in epoch k it has ``~k`` after its name.
    """
    if not config.present:
        return of_manifest(front_end, frame), frame
    again = [frame.assign(name=frame["name"] + f"{VIEW}{epoch}") for epoch in epochs]
    views = pd.concat([frame, *again], ignore_index=True)
    whose = {
        name: (first, epoch)
        for epoch, part in zip(epochs, again, strict=True)
        for name, first in zip(part["name"], first_names(frame), strict=True)
    }

    def view(clip):
        if clip.name not in whose:
            return clip.samples
        first, epoch = whose[clip.name]
        samples, lengths = clip.samples, config.lengths if epoch else None
        start, length = stretch(first, len(samples), front_end, lengths, seed, epoch)
        _, chain = draw(first, seed, epoch, config.present)
        samples = samples[start : start + length] if lengths else samples
        return chain.without(Ends, Trim).apply(samples, clip.rate)

    named = [list(config.present), config.lengths, seed, list(map(list, whose.values()))]
    return of_manifest(front_end, views, view, named), views


def stretch(name, length, front_end, lengths, seed, epoch):
    """Return which part of a clip is heard in an epoch.

    Parameters
    ----------
    name : str
        Of the clip, or of its original.
    length : int
        Samples that there are.
    front_end : FrontEnd
        Hears at most its own length.
    lengths : (float, float) or None
        Shortest and longest in seconds; None for what the front end crops.
    seed, epoch : int
        Of the draw.

    Returns
    -------
    start, length : int
        In samples.
    """
    most = front_end.samples
    if lengths is None:
        kept = min(length, most)
        return (length - kept) // 2 * (front_end.crop == "centre"), kept
    generator = rng(seed, "stretch", name, epoch)
    kept = min(round(generator.uniform(*lengths) * front_end.rate), most, length)
    return int(generator.integers(length - kept + 1)), kept


def of_files(front_end, paths):
    """Return the features of files, read and computed on all cores.

    Parameters
    ----------
    front_end : FrontEnd
        What to compute.
    paths : sequence of str or Path
        Sound files.

    Returns
    -------
    ndarray [files, *front_end.shape] of float32
    """
    blocks = list(_blocks(front_end, pd.DataFrame({"path": paths})))
    return np.concatenate(blocks) if blocks else np.empty((0, *front_end.shape), np.float32)


def _blocks(front_end, frame, change=None):
    """Yield the features of `GROUP` files after `GROUP` files."""
    with meter("features", len(frame)) as advance:
        for start in range(0, len(frame), GROUP):
            group = frame.iloc[start : start + GROUP]
            if change is None:
                sounds = [read_samples(path, front_end.rate) for path in group["path"]]
            else:
                sounds = list(on_threads(change, list(clips(group, front_end.rate))))
            yield front_end.batch(sounds)
            advance(len(sounds))


def is_real(frame, what):
    """Return which rows of a manifest are bona fide.

    Parameters
    ----------
    frame : DataFrame
        A manifest.
    what : str
        Its name in the message.

    Returns
    -------
    ndarray [clips] of bool

    Raises
    ------
    DataError
        If one of the two classes is missing, with the counts.
    """
    real = (frame["label"] == "bonafide").to_numpy()
    if real.all() or not real.any():
        raise DataError(
            f"{what}: {real.sum()} bona fide and {(~real).sum()} spoof clips; both are needed"
        )
    return real
