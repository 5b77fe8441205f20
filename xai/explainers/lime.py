"""LIME: a linear model of the logit on random subsets of the superpixels."""

import numpy as np

from experiment.seeds import derive, rng
from xai.canvas import evidence, make_canvas
from xai.superpixels import spread


def lime(subject, *, seed=0, samples=500, width=0.25, grid=None, fill="mean"):
    """Explain by the lime package's weighted ridge regression around the clip.

    Parameters
    ----------
    subject : Subject
        The clips.
    seed : int
        Seed of the subsets and of a random fill.
    samples : int
        Subsets a clip, the whole clip included.
    width : float
        Of the exponential kernel on the cosine distance to the whole clip, as lime_image has it.
    grid : Grid, optional
        Superpixels in Hz and milliseconds.
    fill : str
        What replaces removed superpixels, a key of `xai.fills.FILLS`.

    Returns
    -------
    ndarray [n, frames, bands]
        Each superpixel's coefficient in logits, spread over its pixels.

    Notes
    -----
    Source: M. T. Ribeiro, S. Singh, C. Guestrin, *"Why should I trust you?"*, KDD 2016, equation
    2 and algorithm 1, by ``lime.lime_base``.
    """
    heats = []
    for index, clip in enumerate(subject.clips):
        canvas = make_canvas(subject, index, grid, fill, seed)
        keep = subsets(samples, canvas.size, rng(seed, "lime", clip.name))
        weights = coefficients(keep, evidence(canvas, keep), width, derive(seed, clip.name))
        heats.append(spread(weights, canvas.cells))
    return np.stack(heats)


def subsets(samples, size, generator):
    """Return random subsets, [samples, size] of 0 and 1; the first holds everything."""
    keep = generator.integers(2, size=(samples, size)).astype(np.float32)
    keep[0] = 1
    return keep


def coefficients(keep, logits, width, seed):
    """Return the coefficients of LIME's linear model.

    Parameters
    ----------
    keep : ndarray [samples, P]
        Subsets, the first one whole.
    logits : ndarray [samples]
        The detector's answers.
    width : float
        Of the kernel.
    seed : int
        Handed to the package.

    Returns
    -------
    ndarray [P]
        In logits.
    """
    from lime.lime_base import LimeBase

    size = keep.shape[1]
    distances = 1 - np.sqrt(keep.sum(axis=1) / size)
    base = LimeBase(lambda d: np.sqrt(np.exp(-(d**2) / width**2)), random_state=seed)
    pairs = base.explain_instance_with_data(
        keep, logits[:, None], distances, 0, size, feature_selection="none"
    )[1]
    return np.array([weight for _, weight in sorted(pairs)])
