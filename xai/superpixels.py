"""Superpixels with edges in Hz and milliseconds, shared by all methods that remove parts."""

from dataclasses import dataclass

import numpy as np

from experiment.errors import UsageError

EDGES = (0.0, 300.0, 1000.0, 2000.0, 3000.0, 4000.0, 5500.0, 8000.0)
"""Default bands in Hz: voice bar, first formants, the telephone band's end, what lies above."""


@dataclass(frozen=True)
class Grid:
    """A grid of superpixels.

    Attributes
    ----------
    hertz : tuple of float
        Edges of the bands in Hz, rising. What lies outside joins the outermost bands.
    milliseconds : float
        Duration of a superpixel; a rest of less than half of it joins the last one.
    """

    hertz: tuple = EDGES
    milliseconds: float = 250.0

    def __post_init__(self):
        """Refuse edges that do not rise and durations that are not positive."""
        edges = np.asarray(self.hertz, float)
        if edges.ndim != 1 or len(edges) < 2 or not (np.diff(edges) > 0).all():
            raise UsageError(f"edges in Hz must rise, at least two of them; got {self.hertz}")
        if not self.milliseconds > 0:
            raise UsageError(f"a superpixel needs a duration above 0 ms; got {self.milliseconds}")

    def cells(self, times, frequencies):
        """Return the number of the superpixel of every pixel.

        Parameters
        ----------
        times : array_like [frames]
            In seconds.
        frequencies : array_like [bands]
            In Hz.

        Returns
        -------
        ndarray [frames, bands] of int
            From 0 to P - 1, each number present.
        """
        elapsed = (np.asarray(times) - times[0]) * 1000 / self.milliseconds
        columns = np.minimum(elapsed // 1, max(round(elapsed[-1]), 1) - 1)
        rows = band_index(frequencies, self.hertz)
        number = columns[:, None] * len(self.hertz) + rows[None, :]
        return np.unique(number, return_inverse=True)[1].reshape(number.shape)


def band_index(frequencies, edges=EDGES):
    """Return the band of each frequency.

    Parameters
    ----------
    frequencies : array_like [bands]
        In Hz.
    edges : sequence of float [k + 1]
        In Hz.

    Returns
    -------
    ndarray [bands] of int
        From 0 to k - 1.
    """
    index = np.searchsorted(edges, np.asarray(frequencies), side="right") - 1
    return np.clip(index, 0, len(edges) - 2)


def cell_means(heat, cells):
    """Return the mean heat of each superpixel.

    Parameters
    ----------
    heat : ndarray [frames, bands]
        Any map.
    cells : ndarray [frames, bands] of int
        From `Grid.cells`.

    Returns
    -------
    ndarray [P]
        Evidence per pixel, so that large superpixels have no advantage.
    """
    return np.bincount(cells.ravel(), np.ravel(heat)) / np.bincount(cells.ravel())


def spread(values, cells):
    """Spread each superpixel's evidence evenly over its pixels.

    Parameters
    ----------
    values : array_like [P]
        Evidence of each superpixel.
    cells : ndarray [frames, bands] of int
        From `Grid.cells`.

    Returns
    -------
    ndarray [frames, bands]
        Sums to the sum of `values`.
    """
    return (np.asarray(values) / np.bincount(cells.ravel()))[cells]
