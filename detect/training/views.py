"""Clips as training hears them: presented, and in stretches, drawn anew for every epoch."""

import pandas as pd

from audio.presentation import draw
from audio.presentation.timing import Ends, Trim
from audio.presentation.write import first_names
from detect.use.features import of_manifest
from experiment.seeds import rng

VIEW = "~"


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
