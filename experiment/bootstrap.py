"""Intervals by resampling whole groups.

Clips of one speaker are no independent evidence, so the unit that is drawn with replacement is the
group (the speaker), not the clip: the cluster bootstrap (Davison and Hinkley, *Bootstrap Methods
and their Application*, 1997, section 3.8). Intervals are percentile intervals.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from experiment.seeds import rng


@dataclass(frozen=True)
class Interval:
    """A number with what it rests on.

    Attributes
    ----------
    value : float
        The statistic on the data as they are.
    low, high : float
        Ends of the interval.
    n : int
        Number of clips (or other units).
    groups : int
        Number of groups that were drawn.
    level : float
        Nominal coverage.
    seed : int
        Seed of the draws.
    repeats : int
        Draws on which the statistic was defined.
    """

    value: float
    low: float
    high: float
    n: int
    groups: int
    level: float = 0.95
    seed: int = 0
    repeats: int = 1000

    def __str__(self):
        return f"{self.value:.3g} [{self.low:.3g}, {self.high:.3g}]"

    def to_dict(self):
        """Return the fields as a plain dict."""
        return asdict(self)


def draws(
    groups: npt.ArrayLike,
    *,
    repeats: int = 1000,
    seed: int = 0,
    strata: npt.ArrayLike | None = None,
):
    """Yield index arrays in which whole groups are drawn with replacement.

    Parameters
    ----------
    groups : array_like [n]
        Label of the group of each unit.
    repeats : int
        Number of draws.
    seed : int
        Seed of the draws.
    strata : array_like [n], optional
        Groups are drawn within each stratum, so that none empties.

    Yields
    ------
    ndarray [m] of int
        Indices of the units of one draw.
    """
    groups = np.asarray(groups)
    strata = np.zeros(len(groups)) if strata is None else np.asarray(strata)
    members = []
    for stratum in np.unique(strata):
        inside = np.flatnonzero(strata == stratum)
        _, label = np.unique(groups[inside], return_inverse=True)
        members.append([inside[label == k] for k in range(label.max() + 1)])
    generator = rng(seed, "bootstrap")
    for _ in range(repeats):
        yield np.concatenate(
            [pool[k] for pool in members for k in generator.integers(len(pool), size=len(pool))]
        )


def group_counts(strata: npt.ArrayLike, *, repeats: int = 1000, seed: int = 0) -> np.ndarray:
    """Return how often each group is drawn, for statistics that weigh groups.

    Parameters
    ----------
    strata : array_like [groups]
        Groups are drawn with replacement within each stratum.
    repeats, seed : int
        Number of draws and their seed; the draws are those of `draws`.

    Returns
    -------
    ndarray [repeats, groups] of int32
    """
    strata = np.asarray(strata)
    members = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
    counts = np.zeros((repeats, len(strata)), np.int32)
    generator = rng(seed, "bootstrap")
    for row in counts:
        for pool in members:
            drawn = generator.integers(len(pool), size=len(pool))
            row[pool] = np.bincount(drawn, minlength=len(pool))
    return counts


def resample(
    statistic: Callable, groups, *, repeats: int = 1000, seed: int = 0, strata=None
) -> np.ndarray:
    """Return the statistic on every draw.

    Parameters
    ----------
    statistic : callable
        From an index array to a float or a 1-d array.
    groups, repeats, seed, strata
        As for `draws`.

    Returns
    -------
    ndarray [repeats, ...]
        In float64.
    """
    drawn = draws(groups, repeats=repeats, seed=seed, strata=strata)
    return np.array([statistic(index) for index in drawn], dtype=float)


def interval(
    statistic: Callable,
    groups,
    *,
    repeats: int = 1000,
    seed: int = 0,
    strata=None,
    level: float = 0.95,
) -> Interval:
    """Return the statistic with its percentile interval.

    Parameters
    ----------
    statistic : callable
        From an index array to a float; NaN where a draw leaves it undefined.
    groups, repeats, seed, strata
        As for `draws`.
    level : float
        Nominal coverage.

    Returns
    -------
    Interval
        Ends are NaN where the statistic is defined on fewer than half of the draws, or where
        there is one group only.
    """
    groups = np.asarray(groups)
    value = float(statistic(np.arange(len(groups))))
    count = len(np.unique(groups))
    sample = resample(statistic, groups, repeats=repeats, seed=seed, strata=strata)
    return summarise(value, sample, len(groups), count, level=level, seed=seed)


def summarise(
    value: float, sample: np.ndarray, n: int, groups: int, *, level: float = 0.95, seed: int = 0
) -> Interval:
    """Return the percentile interval of draws that were made elsewhere.

    Parameters
    ----------
    value : float
        The statistic on the data as they are.
    sample : ndarray [repeats]
        The statistic on each draw; NaN where undefined.
    n, groups : int
        Units and groups behind the number.
    level : float
        Nominal coverage.
    seed : int
        Seed of the draws.

    Returns
    -------
    Interval
        See `interval`.
    """
    defined = sample[np.isfinite(sample)]
    low = high = float("nan")
    if groups > 1 and len(defined) >= max(len(sample) // 2, 1):
        low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high), n, groups, level, seed, len(defined))
