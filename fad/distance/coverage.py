"""Precision, recall, density and coverage: what a single distance cannot tell apart.

A window's ball reaches to its k-th nearest window of the same set. Windows of one clip overlap, so
neighbours within a clip do not count.

Source: Kynkaanniemi et al. 2019, equation 1 (precision, recall); Naeem et al. 2020, equations 4
and 5 (density, coverage).
"""

import numpy as np

from experiment.errors import DataError
from fad.distance import influence
from fad.distance.frechet import check
from fad.distance.kad import squared_distances
from fad.embeddings.types import comparable

NEAREST = 5
BLOCK = 1024
NAMES = ("precision", "recall", "density", "coverage")


def prdc(reference, evaluated, seed=0, repeats=1000, level=0.95, k=NEAREST):
    """Return precision, recall, density and coverage of a set against a reference.

    Parameters
    ----------
    reference, evaluated : Embeddings
        Comparable, with windows of more than `k` clips each.
    seed : int
        Seed of the intervals.
    repeats : int
        Draws behind the intervals; clips are drawn, the balls stay.
    level : float
        Nominal coverage of the intervals.
    k : int
        Which neighbour the balls reach to.

    Returns
    -------
    dict of str to experiment.bootstrap.Interval
        ``precision``: share of evaluated windows inside a ball of the reference; ``recall``: share
        of reference windows inside an evaluated ball; ``density``: reference balls around an
        evaluated window, over `k`; ``coverage``: share of reference balls with an evaluated window.

    Raises
    ------
    DataError
        If the sets are not comparable or too small.
    """
    comparable(reference, evaluated)
    centre = check(reference.array, "reference").mean(axis=0)
    x, y = ((side.array - centre).astype(np.float32) for side in (reference, evaluated))
    of_x, of_y = radii(x, reference.clips, k), radii(y, evaluated.clips, k)
    around, recalled = counts(y, x, of_x), counts(x, y, of_y) > 0
    covered = nearest(x, y) <= of_x
    values = (around > 0, recalled, around / k, covered)
    sides = (evaluated, reference, evaluated, reference)
    return {
        name: _interval(name, value, side, repeats, level, seed)
        for name, value, side in zip(NAMES, values, sides, strict=True)
    }


def _interval(name, values, side, repeats, level, seed):
    values = values.astype(float)
    sample = influence.redraw(name, values, side.clips, repeats, seed)
    return influence.interval(float(values.mean()), sample, side.n_clips, level, seed)


def _blocks(a, b):
    """Yield the squared distances of some rows of `a` to all of `b`, and which rows."""
    for start in range(0, len(a), BLOCK):
        rows = slice(start, start + BLOCK)
        yield rows, squared_distances(a[rows], b)


def radii(x, clips, k):
    """Return the squared distance of each window to its k-th nearest in other clips.

    Parameters
    ----------
    x : ndarray [n, d]
        Embeddings, float32.
    clips : ndarray [n] of str
        Clip of each.
    k : int
        Which neighbour.

    Returns
    -------
    ndarray [n]
        Squared radii.

    Raises
    ------
    DataError
        If some window has fewer than `k` others.
    """
    _, label, count = np.unique(clips, return_inverse=True, return_counts=True)
    others = len(x) - count.max()
    if others < k:
        raise DataError(f"precision and recall need {k} windows of other clips, got {others}")
    result = np.empty(len(x), np.float32)
    for rows, squares in _blocks(x, x):
        squares[label[rows, None] == label] = np.inf
        result[rows] = np.partition(squares, k - 1, axis=1)[:, k - 1]
    return result


def counts(points, centres, squared_radii):
    """Return how many balls around `centres` hold each point [n]."""
    pieces = [(squares <= squared_radii).sum(axis=1) for _, squares in _blocks(points, centres)]
    return np.concatenate(pieces)


def nearest(points, others):
    """Return the squared distance of each point [n] to the nearest of `others`."""
    return np.concatenate([squares.min(axis=1) for _, squares in _blocks(points, others)])
