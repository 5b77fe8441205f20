"""Several evaluated sets against one reference: order, intervals, and which differences hold."""

from math import erfc, sqrt

import numpy as np


def ranking(scores):
    """Rank sets by their FAD.

    Parameters
    ----------
    scores : dict of str to fad.distance.scoring.Score
        By name of the set, all against one reference with one seed and number of draws.

    Returns
    -------
    list of dict
        Nearest first: ``rank``, ``set``, ``fad``, ``low``, ``high``, ``clips``, ``windows``,
        ``dropped``, and ``p_above``: two-sided p value of the difference from the set one rank
        above, adjusted for the number of such comparisons (Holm 1979).
    """
    order = sorted(scores, key=lambda name: scores[name].distance)
    above = zip(order, order[1:], strict=False)
    adjusted = [None, *holm([p_difference(scores[one], scores[two]) for one, two in above])]
    return [
        {"rank": rank, "set": name, **_row(scores[name]), "p_above": p}
        for rank, (name, p) in enumerate(zip(order, adjusted, strict=True), 1)
    ]


def _row(score):
    return {
        "fad": score.distance,
        "low": score.interval.low,
        "high": score.interval.high,
        "clips": score.evaluated.clips,
        "windows": score.evaluated.windows,
        "dropped": len(score.evaluated.dropped),
    }


def p_difference(first, second):
    """Return the two-sided p value of two scores with one reference being equal.

    The draws of the reference are common to both and cancel; the evaluated sets count as
    independent, which is on the safe side where they are versions of the same clips.

    Parameters
    ----------
    first, second : fad.distance.scoring.Score
        With one reference and seed.

    Returns
    -------
    float
        From the normal approximation to the difference.
    """
    spread = np.std(first.sample - second.sample)
    difference = abs(first.distance - second.distance)
    return erfc(difference / spread / sqrt(2)) if spread > 0 else float(difference == 0)


def holm(p_values):
    """Adjust p values for their number (Holm 1979).

    Parameters
    ----------
    p_values : sequence of float
        Raw.

    Returns
    -------
    list of float
        In the same order, at most 1.
    """
    p_values = np.asarray(p_values, dtype=float)
    order = np.argsort(p_values)
    factors = np.arange(len(order), 0, -1)
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1)
    return adjusted.tolist()
