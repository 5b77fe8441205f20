"""Partition SHAP: Owen values over a tree of superpixels, by the shap package."""

import numpy as np

from xai.canvas import evidence, make_canvas
from xai.superpixels import spread


def shap_partition(subject, *, seed=0, samples=500, grid=None, fill="mean"):
    """Explain by splitting the plane of seconds and Hz again and again.

    Parameters
    ----------
    subject : Subject
        The clips.
    seed : int
        Seed of a random fill; the splitting itself is deterministic.
    samples : int
        Subsets a clip.
    grid : Grid, optional
        Superpixels in Hz and milliseconds.
    fill : str
        What replaces removed superpixels, a key of `xai.fills.FILLS`.

    Returns
    -------
    ndarray [n, frames, bands]
        Each superpixel's Owen value in logits, spread over its pixels.

    Notes
    -----
    Source: ``shap.explainers.PartitionExplainer``, on a tree that joins neighbours.
    """
    canvases = (make_canvas(subject, k, grid, fill, seed) for k in range(len(subject.clips)))
    return np.stack([spread(owen(canvas, samples), canvas.cells) for canvas in canvases])


def owen(canvas, samples):
    """Return the Owen value of each superpixel of a canvas, [P]."""
    import shap

    def model(keep):
        return evidence(canvas, np.asarray(keep, np.float32))

    def masker(keep, row):
        return (np.asarray(row) * keep)[None]

    masker.clustering = neighbours(canvas.cells)
    masker.shape = (1, canvas.size)
    explainer = shap.explainers.Partition(model, masker)
    return explainer(np.ones((1, canvas.size)), max_evals=samples, silent=True).values[0]


def neighbours(cells):
    """Return the linkage of superpixels by the distance of their centres, [P - 1, 4]."""
    from scipy.cluster.hierarchy import linkage

    size = int(cells.max()) + 1
    where = np.indices(cells.shape).reshape(2, -1) / np.reshape(cells.shape, (2, 1))
    count = np.bincount(cells.ravel())
    centres = [np.bincount(cells.ravel(), axis, size) / count for axis in where]
    return linkage(np.transpose(centres), "average")
