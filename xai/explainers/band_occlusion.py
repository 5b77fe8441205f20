"""Band occlusion: what the logit loses when a band in Hz is filtered out of the sound."""

import math
from dataclasses import replace

import numpy as np

from experiment.errors import UsageError
from xai.canvas import make_canvas
from xai.explainers.occlusion import drops
from xai.superpixels import Grid, band_index

STEPS = tuple(range(0, 8001, 500))


def band_occlusion(subject, *, seed=0, hertz=STEPS, fill="silence"):
    """Explain by removing one band of the waveform at a time, whatever the detector sees of it.

    Parameters
    ----------
    subject : Subject
        The clips; of any detector, so that detectors of waveforms and of spectrograms can be
        compared on one axis.
    seed : int
        Seed of a random fill.
    hertz : tuple of float
        Edges of the bands in Hz.
    fill : str
        What replaces a band, a key of `xai.fills.FILLS`.

    Returns
    -------
    ndarray [n, frames, bands]
        Each band's drop in logits, spread over its pixels; the same at all times.

    Raises
    ------
    UsageError
        If the edges leave a band empty.
    """
    grid = Grid(tuple(hertz), math.inf)
    sound = replace(subject, domain="sound")
    times, frequencies = subject.axes
    heats = []
    for index in range(len(subject.clips)):
        canvas = make_canvas(sound, index, grid, fill, seed)
        if canvas.size != len(hertz) - 1:
            raise UsageError(f"each band needs 31.25 Hz below 8000 Hz at least; got {hertz}")
        lost = drops(canvas)
        column = onto(frequencies, lost, hertz) / len(times)
        heats.append(np.broadcast_to(column, (len(times), len(frequencies))))
    return np.stack(heats)


def onto(frequencies, values, edges):
    """Share each band's value among the frequencies in it, or give it to the nearest one."""
    column = np.zeros(len(frequencies))
    owner = band_index(frequencies, edges)
    for band, value in enumerate(values):
        inside = owner == band
        if not inside.any():
            middle = (edges[band] + edges[band + 1]) / 2
            inside = np.arange(len(frequencies)) == np.abs(frequencies - middle).argmin()
        column[inside] += value / inside.sum()
    return column
