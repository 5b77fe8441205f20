"""Frechet distance between Gaussians, exact, without a matrix square root.

With covariances S1 = A'A and S2 = B'B the distance is

    |m1 - m2|^2 + tr S1 + tr S2 - 2 * (sum of the singular values of A B')

which holds for any factors. Where a set has fewer embeddings than dimensions its centred data are
the factor, and A B' is the small cross Gram matrix. Nothing here can turn complex or NaN.

The singular values are the roots of the eigenvalues of S1 S2, which cost a third of the time but
lose half the digits of the smallest. They serve where a bound on that loss is below `NEGLIGIBLE`.

Source: Dowson and Landau 1982, equation 4; Kilgour et al. 2019, equation 1 (FAD).
"""

import numpy as np
from scipy import linalg

from experiment.errors import DataError
from fad.distance.blas_threads import suited_to

NEGLIGIBLE = 1e-8  # of the traces


def frechet_distance(x, y):
    """Return the Frechet distance between Gaussians fitted to two sets of embeddings.

    Parameters
    ----------
    x : ndarray [n, d]
        Embeddings of the first set.
    y : ndarray [m, d]
        Embeddings of the second set.

    Returns
    -------
    float
        At least 0, computed in float64; 0 for equal sets.

    Raises
    ------
    DataError
        If a set is no finite matrix of at least two rows, or the dimensions differ.

    Source
    ------
    Kilgour et al. 2019, "Frechet Audio Distance", equation 1.
    """
    x, y = check(x, "first"), check(y, "second")
    if x.shape[1] != y.shape[1]:
        raise DataError(
            f"embeddings of {x.shape[1]} and of {y.shape[1]} dimensions: not comparable"
        )
    with suited_to(*x.shape, len(y)):
        a, b = factor(x), factor(y)
        return assemble(x.mean(axis=0) - y.mean(axis=0), a, b, _overlap_of_factors(a, b))


def gaussian_distance(first, second):
    """Return the Frechet distance between two `Gaussian` statistics.

    Parameters
    ----------
    first, second : Gaussian
        Of one dimension.

    Returns
    -------
    float
        At least 0.

    Raises
    ------
    DataError
        If one of them saw fewer than two embeddings.
    """
    s1, s2 = first.covariance, second.covariance
    shift, traces = first.mean - second.mean, np.trace(s1) + np.trace(s2)
    with suited_to(len(shift)):
        overlap = _overlap_of_covariances(s1, s2)
        if overlap is None:
            a, b = root(first), root(second)
            overlap = linalg.svdvals(a @ b.T, check_finite=False).sum()
    return max(0.0, float(shift @ shift + traces - 2 * overlap))


def check(array, which="given"):
    """Return embeddings as a float64 matrix.

    Raises
    ------
    DataError
        If `array` is not two-dimensional, has fewer than two rows or holds NaN or infinities.
    """
    array = np.asarray(array, dtype=np.float64)
    if array.ndim != 2:
        raise DataError(f"the {which} set has shape {array.shape}; embeddings are [n, d]")
    if len(array) < 2:
        raise DataError(
            f"the {which} set has {len(array)} embedding(s); a distance needs 2 or more"
        )
    if not np.isfinite(array).all():
        row = int(np.argwhere(~np.isfinite(array))[0, 0])
        raise DataError(f"the {which} set is not finite in row {row}; repair or drop that clip")
    return array


def factor(array):
    """Return A with A'A = the unbiased covariance of `array`, and no more rows than needed.

    Parameters
    ----------
    array : ndarray [n, d]
        Embeddings, float64.

    Returns
    -------
    ndarray [min(n, d), d]
        The centred data, or their triangular QR factor where n > d.
    """
    centred = (array - array.mean(axis=0)) / np.sqrt(len(array) - 1)
    if len(array) <= array.shape[1]:
        return centred
    return np.linalg.qr(centred, mode="r")


def root(gaussian):
    """Return A with A'A = the covariance of a `Gaussian`, of whatever rank.

    Parameters
    ----------
    gaussian : Gaussian
        Of at least two embeddings.

    Returns
    -------
    ndarray [d, d]
        The Cholesky factor, or one from the eigenvectors where the covariance is singular.
    """
    covariance = gaussian.covariance
    try:
        return linalg.cholesky(covariance, check_finite=False)
    except linalg.LinAlgError:
        values, vectors = linalg.eigh(covariance, check_finite=False)
        return np.sqrt(np.maximum(values, 0))[:, None] * vectors.T


def _overlap_of_factors(a, b):
    product = a @ b.T
    wide = product if len(a) <= len(b) else product.T
    values = np.linalg.eigvalsh(wide @ wide.T)
    size = linalg.norm(product) ** 2
    fast = _sum_of_roots(values, size, (a * a).sum() + (b * b).sum())
    return linalg.svdvals(product, check_finite=False).sum() if fast is None else fast


def _overlap_of_covariances(s1, s2):
    """Return the sum of the roots of the eigenvalues of S1 S2, or None where it is inexact."""
    try:
        values = linalg.eigvalsh(s1, s2, type=2, driver="gv", check_finite=False)
    except linalg.LinAlgError:
        return None
    return _sum_of_roots(values, linalg.norm(s1) * linalg.norm(s2), np.trace(s1) + np.trace(s2))


def _sum_of_roots(values, size, traces):
    """Return the sum of the roots, or None if rounding `values` could matter to the distance."""
    error = 8 * np.finfo(float).eps * size
    roots = np.sqrt(np.maximum(values, 0))
    loss = np.minimum(np.sqrt(error), error / np.maximum(2 * roots, np.finfo(float).tiny)).sum()
    return roots.sum() if loss <= NEGLIGIBLE * traces else None


def assemble(shift, a, b, overlap):
    """Return the squared distance from its parts.

    Parameters
    ----------
    shift : ndarray [d]
        Difference of the means.
    a, b : ndarray [p, d] and [q, d]
        Factors of the covariances.
    overlap : float
        Sum of the singular values of ``a @ b.T``.

    Returns
    -------
    float
        At least 0: rounding may not make it negative.
    """
    return max(0.0, float(shift @ shift + (a * a).sum() + (b * b).sum() - 2 * overlap))
