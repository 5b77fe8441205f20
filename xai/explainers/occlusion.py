"""Occlusion: what the logit loses when one superpixel is removed."""

import numpy as np

from xai.canvas import evidence, make_canvas
from xai.superpixels import spread


def occlusion(subject, *, seed=0, grid=None, fill="mean"):
    """Explain by removing one superpixel at a time.

    Parameters
    ----------
    subject : Subject
        The clips.
    seed : int
        Seed of a random fill.
    grid : Grid, optional
        Superpixels in Hz and milliseconds.
    fill : str
        What replaces them, a key of `xai.fills.FILLS`.

    Returns
    -------
    ndarray [n, frames, bands]
        Each superpixel's drop in logits, spread over its pixels.

    Notes
    -----
    Source: M. D. Zeiler, R. Fergus, *Visualizing and understanding convolutional networks*, ECCV
    2014, section 4.2.
    """
    canvases = (make_canvas(subject, k, grid, fill, seed) for k in range(len(subject.clips)))
    return np.stack([spread(drops(canvas), canvas.cells) for canvas in canvases])


def drops(canvas):
    """Return what the logit loses with each superpixel, [P]."""
    keep = np.ones((canvas.size + 1, canvas.size), np.float32)
    keep[1:] -= np.eye(canvas.size, dtype=np.float32)
    logits = evidence(canvas, keep)
    return logits[0] - logits[1:]
