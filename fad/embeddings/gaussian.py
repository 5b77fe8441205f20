"""Mean and covariance of a stream of embeddings, in float64, mergeable and O(d^2) in memory."""

from dataclasses import dataclass

import numpy as np

from experiment.errors import DataError


@dataclass(frozen=True)
class Gaussian:
    """What the Frechet distance needs to know of a set.

    Attributes
    ----------
    n : int
        Number of embeddings seen.
    mean : ndarray [d]
        Their mean, float64.
    scatter : ndarray [d, d]
        Sum of the outer products of the centred embeddings, float64.
    """

    n: int
    mean: np.ndarray
    scatter: np.ndarray

    @classmethod
    def of(cls, array):
        """Summarise embeddings.

        Parameters
        ----------
        array : ndarray [n, d]
            One embedding per row.

        Returns
        -------
        Gaussian
            In float64, whatever the type of `array`.
        """
        array = np.asarray(array, dtype=np.float64)
        mean = array.mean(axis=0)
        centred = array - mean
        return cls(len(array), mean, centred.T @ centred)

    def __add__(self, other):
        """Merge two disjoint sets (Chan, Golub and LeVeque 1983, equation 2.1)."""
        n = self.n + other.n
        shift = other.mean - self.mean
        mean = self.mean + shift * (other.n / n)
        scatter = self.scatter + other.scatter
        return Gaussian(n, mean, scatter + np.outer(shift, shift) * (self.n * other.n / n))

    @property
    def covariance(self):
        """Unbiased covariance [d, d].

        Raises
        ------
        DataError
            If fewer than two embeddings were seen.
        """
        if self.n < 2:
            raise DataError(f"a covariance needs at least 2 embeddings, got {self.n}")
        return self.scatter / (self.n - 1)


def merge(gaussians):
    """Merge the statistics of disjoint parts; their order does not matter.

    Parameters
    ----------
    gaussians : iterable of Gaussian
        At least one, all of one dimension.

    Returns
    -------
    Gaussian
        The statistics of the whole.
    """
    gaussians = iter(gaussians)
    total = next(gaussians)
    for part in gaussians:
        total = total + part
    return total
