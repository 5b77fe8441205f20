"""Kernel Audio Distance: the squared maximum mean discrepancy of two sets, times 100.

The Gaussian kernel's bandwidth is the median distance within the reference, so that scores of two
evaluated sets can be compared. Sums run over blocks: no matrix of all pairs is ever held.

Source: Chung et al. 2025, "KAD", section 3; Gretton et al. 2012, lemma 6 (unbiased estimator).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from experiment.bootstrap import Interval
from experiment.parallel import cores
from experiment.seeds import rng
from fad.distance import influence
from fad.distance.blas_threads import suited_to
from fad.distance.frechet import check
from fad.embeddings.types import comparable

SCALE = 100.0
BLOCK = 512
MEDIAN_ROWS = 2000


@dataclass(frozen=True)
class Kad:
    """A Kernel Audio Distance.

    Attributes
    ----------
    interval : experiment.bootstrap.Interval
        Value, which may fall below 0 by chance, and interval.
    p : float
        Share of random exchanges of clips between the sets that lie as far apart.
    bandwidth : float
        Of the kernel, from the reference.
    """

    interval: Interval
    p: float
    bandwidth: float


def kernel_audio_distance(x, y, bandwidth=None):
    """Return the unbiased KAD of two sets of embeddings.

    Parameters
    ----------
    x : ndarray [n, d]
        Embeddings of the reference.
    y : ndarray [m, d]
        Embeddings of the evaluated set.
    bandwidth : float, optional
        Of the kernel; `median_distance` of `x` by default.

    Returns
    -------
    float
        0 on average for sets of one distribution.

    Raises
    ------
    DataError
        If a set is no finite matrix of at least two rows.

    Source
    ------
    Chung et al. 2025, equation 4.
    """
    x, y = check(x, "first"), check(y, "second")
    inside = np.arange(len(x) + len(y)) < len(x)
    sums = kernel_products(x, y, bandwidth or median_distance(x), _columns(inside))
    return float(_distances(sums, _columns(inside))[0])


def kad(reference, evaluated, seed=0, repeats=1000, level=0.95, permutations=200):
    """Return the KAD of a set against a reference, with interval and p value.

    Parameters
    ----------
    reference, evaluated : Embeddings
        Comparable.
    seed : int
        Seed of interval and permutations.
    repeats : int
        Draws behind the interval.
    level : float
        Nominal coverage.
    permutations : int
        Exchanges of whole clips behind the p value.

    Returns
    -------
    Kad
        The interval expands the distance to first order in the clips' weights, see
        `fad.distance.influence`.

    Raises
    ------
    DataError
        If the sets are not comparable or too small.
    """
    comparable(reference, evaluated)
    x, y = check(reference.array, "reference"), check(evaluated.array, "evaluated")
    bandwidth = median_distance(x)
    inside = np.arange(len(x) + len(y)) < len(x)
    exchanges = _exchanges(reference, evaluated, permutations, seed)
    columns = np.column_stack([_columns(inside), exchanges])
    sums = kernel_products(x, y, bandwidth, columns)
    values = _distances(sums, columns)
    sample = _sample(reference, evaluated, sums, inside, repeats, seed)
    p = (1 + np.sum(values[1:] >= values[0])) / (1 + permutations)
    ends = influence.interval(
        float(values[0]), sample, evaluated.n_clips, level, seed, least=-np.inf
    )
    return Kad(ends, float(p), bandwidth)


def median_distance(x):
    """Return the median distance between rows, of at most 2,000 evenly spaced ones.

    Parameters
    ----------
    x : ndarray [n, d]
        Embeddings.

    Returns
    -------
    float
        1 where all rows are equal.
    """
    rows = x[np.linspace(0, len(x) - 1, min(len(x), MEDIAN_ROWS)).astype(int)]
    squares = squared_distances(_centred(rows, rows), _centred(rows, rows))
    above = squares[np.triu_indices(len(rows), 1)]
    return float(np.sqrt(np.median(above))) or 1.0


def _centred(rows, whole):
    return np.ascontiguousarray(rows - whole.mean(axis=0), np.float32)


def squared_distances(a, b):
    """Return the squared distances [n, m] between the rows of two float32 matrices."""
    squares = _left(a) @ _right(b).T
    return np.maximum(squares, 0, out=squares)


def _left(a):
    ones = np.ones((len(a), 1), np.float32)
    return np.hstack([a, np.einsum("ij,ij->i", a, a)[:, None], ones])


def _right(b):
    ones = np.ones((len(b), 1), np.float32)
    return np.hstack([-2 * b, ones, np.einsum("ij,ij->i", b, b)[:, None]])


def kernel_products(x, y, bandwidth, columns):
    """Return K @ columns for the kernel matrix K of both sets together, block by block.

    Parameters
    ----------
    x, y : ndarray [n, d] and [m, d]
        Embeddings.
    bandwidth : float
        Of the Gaussian kernel.
    columns : ndarray [n + m, c]
        What to multiply by.

    Returns
    -------
    ndarray [n + m, c]
        In float64; blocks are float32 and at most `BLOCK` rows and columns wide, each on one
        thread.
    """
    both = np.concatenate([_centred(x, x), np.asarray(y - x.mean(axis=0), np.float32)])
    both /= np.float32(bandwidth * np.sqrt(2))
    left, right, columns = _left(both), _right(both), columns.astype(np.float32)
    starts = range(0, len(both), BLOCK)
    pairs = [(slice(i, i + BLOCK), slice(j, j + BLOCK)) for i in starts for j in starts if i <= j]

    def block(pair):
        i, j = pair
        kernel = left[i] @ right[j].T
        np.exp(np.negative(np.maximum(kernel, 0, out=kernel), out=kernel), out=kernel)
        return kernel @ columns[j], kernel.T @ columns[i]

    total = np.zeros(columns.shape)
    with suited_to(1), ThreadPoolExecutor(cores()) as pool:
        for (i, j), (above, below) in zip(pairs, pool.map(block, pairs), strict=True):
            total[i] += above
            if i != j:
                total[j] += below
    return total


def _columns(inside):
    return np.column_stack([np.ones(len(inside)), inside])


def _distances(sums, columns):
    """Return the KAD of each split; column 0 is all ones, the others mark the first set."""
    everyone, first = sums[:, :1], columns[:, 1:]
    n = first.sum(axis=0)
    m = len(first) - n
    within = (first * sums[:, 1:]).sum(axis=0)
    touching = (first * everyone).sum(axis=0)
    between = touching - within
    other = everyone.sum() - touching - between
    xx, yy = (within - n) / (n * (n - 1)), (other - m) / (m * (m - 1))
    return SCALE * (xx + yy - 2 * between / (n * m))


def _exchanges(reference, evaluated, permutations, seed):
    """Return random splits of all clips into sets with as many clips as the real ones."""
    first, of_first = np.unique(reference.clips, return_inverse=True)
    second, of_second = np.unique(evaluated.clips, return_inverse=True)
    label = np.concatenate([of_first, len(first) + of_second])
    generator = rng(seed, "kad permutations")
    clips = np.zeros((len(first) + len(second), permutations), dtype=bool)
    for column in clips.T:
        column[generator.permutation(len(clips))[: len(first)]] = True
    return clips[label]


def _sample(reference, evaluated, sums, inside, repeats, seed):
    first = sums[:, 1]
    second = sums[:, 0] - first
    n, m = inside.sum(), (~inside).sum()
    of_x = 2 * SCALE * ((first[inside] - 1) / (n - 1) - second[inside] / m)
    of_y = 2 * SCALE * ((second[~inside] - 1) / (m - 1) - first[~inside] / n)
    return sum(
        influence.redraw(name, values, side.clips, repeats, seed)
        for name, values, side in (
            ("reference", of_x, reference),
            ("evaluated", of_y, evaluated),
        )
    )
