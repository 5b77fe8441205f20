"""Kernel SHAP: Shapley values of the superpixels, by weighted least squares on subsets."""

from itertools import product

import numpy as np

from experiment.seeds import rng
from xai.canvas import evidence, make_canvas
from xai.superpixels import spread


def shap_kernel(subject, *, seed=0, samples=500, grid=None, fill="mean"):
    """Explain by sharing the logit's change fairly among superpixels.

    Parameters
    ----------
    subject : Subject
        The clips.
    seed : int
        Seed of the subsets and of a random fill.
    samples : int
        Subsets a clip, in pairs of a subset and its complement; all subsets where there are fewer.
    grid : Grid, optional
        Superpixels in Hz and milliseconds.
    fill : str
        What replaces removed superpixels, a key of `xai.fills.FILLS`.

    Returns
    -------
    ndarray [n, frames, bands]
        Each superpixel's Shapley value in logits, spread over its pixels; a map sums to the clip's
        logit less the fill's.

    Notes
    -----
    Source: S. Lundberg, S.-I. Lee, *A unified approach to interpreting model predictions*, NeurIPS
    2017, theorem 2; pairs and the constrained solution as in I. Covert, S.-I. Lee, *Improving
    KernelSHAP*, AISTATS 2021, sections 3.2 and 4. The shap package draws from numpy's global
    random state and calls the model clip by clip, so it is the test's oracle here, not the engine.
    """
    heats = []
    for index, clip in enumerate(subject.clips):
        canvas = make_canvas(subject, index, grid, fill, seed)
        keep, weights = coalitions(samples, canvas.size, rng(seed, "shap", clip.name))
        ends = np.array([np.zeros(canvas.size), np.ones(canvas.size)], np.float32)
        logits = evidence(canvas, np.concatenate([ends, keep]))
        heats.append(spread(shapley(keep, weights, logits), canvas.cells))
    return np.stack(heats)


def coalitions(samples, size, generator):
    """Return subsets of `size` players and their weights under the Shapley kernel.

    Parameters
    ----------
    samples : int
        Subsets.
    size : int
        Players, at least 2.
    generator : numpy.random.Generator
        Source of the subsets.

    Returns
    -------
    keep : ndarray [k, size]
        0 and 1, neither empty nor whole.
    weights : ndarray [k]
        All 1 where subsets are drawn from the kernel itself.
    """
    sizes = np.arange(1, size)
    kernel = (size - 1) / (sizes * (size - sizes))
    if 2**size - 2 <= samples:
        keep = np.array(list(product((0, 1), repeat=size))[1:-1], np.float32)
        counts = np.bincount(keep.sum(axis=1).astype(int))
        return keep, (kernel / counts[1:])[keep.sum(axis=1).astype(int) - 1]
    drawn = generator.choice(sizes, size=max(samples // 2, 1), p=kernel / kernel.sum())
    ranks = generator.random((len(drawn), size)).argsort(axis=1)
    half = (ranks < drawn[:, None]).astype(np.float32)
    return np.concatenate([half, 1 - half]), np.ones(2 * len(half))


def shapley(keep, weights, logits):
    """Solve the Shapley values from the logits of subsets.

    Parameters
    ----------
    keep, weights
        From `coalitions`.
    logits : ndarray [k + 2]
        Of the fill, of the whole clip, and of each subset.

    Returns
    -------
    ndarray [size]
        Their sum is ``logits[1] - logits[0]``.
    """
    empty, whole = logits[:2]
    last = keep[:, -1:].astype(float)
    design = keep[:, :-1] - last
    rest = logits[2:] - empty - last[:, 0] * (whole - empty)
    weighted = design.T * weights
    gram = weighted @ design
    ridge = 1e-10 * np.trace(gram) * np.eye(len(gram))
    values = np.linalg.solve(gram + ridge, weighted @ rest)
    return np.append(values, whole - empty - values.sum())
