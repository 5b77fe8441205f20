"""A threshold with a guarantee, from real recordings alone.

Of `n` recordings that were drawn like those to come, call the `k`-th lowest score the threshold. A
further one then scores below it with probability at most k / (n + 1), whatever the scores'
distribution; and the share of all further ones that do is distributed as Beta(k, n + 1 - k), or
lower where scores tie. So a `k` can be chosen for which that share is bounded with confidence.
"""

import math
from dataclasses import asdict, dataclass, replace

import numpy as np

from detect.training.drift import drift
from detect.use.verdict import judge_files
from experiment.errors import DataError, UsageError
from experiment.progress import say


@dataclass(frozen=True)
class Guarantee:
    """What a threshold promises of real recordings like those that set it.

    Attributes
    ----------
    alarms : float
        Of all real recordings, this share at most is called spoof,
    confidence : float
        with this probability over the draw of the recordings.
    clips : int
        Recordings behind it.
    rank : int
        The threshold is their so-manieth lowest score.
    threshold : float
        Recordings that score less are called spoof.
    expected : float
        Probability that one further real recording is called spoof, at most.
    """

    alarms: float
    confidence: float
    clips: int
    rank: int
    threshold: float
    expected: float


def fewest(alarms, confidence):
    """Return how many recordings carry a guarantee at least, int.

    Examples
    --------
    >>> fewest(0.1, 0.9), fewest(0.05, 0.95)
    (22, 59)
    """
    return math.ceil(math.log1p(-confidence) / math.log1p(-alarms))


def rank(clips, alarms, confidence):
    """Return the greatest rank of a score that keeps the guarantee, int; 0 if none does."""
    from scipy.stats import beta

    ranks = np.arange(1, clips + 1)
    kept = beta.cdf(alarms, ranks, clips + 1 - ranks) >= confidence
    return int(kept.sum())


def guarantee(scores, alarms=0.1, confidence=0.9):
    """Return the highest threshold that calls few real recordings spoof.

    Parameters
    ----------
    scores : array_like [n]
        Of real recordings, drawn like those to come; a higher score means bona fide.
    alarms : float
        Share of all such recordings that may be called spoof, between 0 and 1.
    confidence : float
        Probability, over the draw of the n recordings, that no more are.

    Returns
    -------
    Guarantee

    Raises
    ------
    UsageError
        If a share is out of range.
    DataError
        If there are fewer recordings than the guarantee needs.

    Notes
    -----
    Source: V. Vovk, *Conditional validity of inductive conformal predictors*, 2012, proposition 2a
    (the guarantee with confidence) and section 2 (the expected share).

    Examples
    --------
    >>> import numpy as np
    >>> found = guarantee(np.arange(100.0), alarms=0.1, confidence=0.9)
    >>> found.rank, found.threshold, round(found.expected, 3)
    (6, 5.0, 0.059)
    """
    for name, value in (("alarms", alarms), ("confidence", confidence)):
        if not 0 < value < 1:
            raise UsageError(f"{name} must lie between 0 and 1. Received: {value}")
    scores = np.sort(np.asarray(scores, float))
    if (place := rank(len(scores), alarms, confidence)) == 0:
        raise DataError(
            f"{len(scores)} recordings cannot promise at most {alarms:.3g} false alarms with "
            f"confidence {confidence:.3g}: {fewest(alarms, confidence)} can"
        )
    expected = place / (len(scores) + 1)
    return Guarantee(
        alarms, confidence, len(scores), place, float(scores[place - 1]), float(expected)
    )


def guaranteed(detector, paths, alarms=0.1, confidence=0.9):
    """Return a detector whose threshold keeps a guarantee on real recordings.

    Parameters
    ----------
    detector : Detector
        Its scores, calibrated or not, stay as they are.
    paths : sequence of str or Path
        Real recordings, none of which it was trained on; they are judged as `judge_files` judges.
    alarms, confidence : float
        As for `guarantee`.

    Returns
    -------
    Detector
        With the threshold; ``training["guarantee"]`` holds the fields of `Guarantee` and
        ``training["drift"]`` what `detect.training.drift.drift` finds.

    Raises
    ------
    DataError
        If too few of them can be judged.
    """
    judged = list(judge_files(detector, paths))
    heard = [one for one in judged if one.get("llr") is not None]
    if len(heard) < len(judged):
        say(f"{len(judged) - len(heard)} of {len(judged)} recordings cannot be judged: left out")
    scores = np.array([one["llr"] for one in heard])
    found = guarantee(scores, alarms, confidence)
    moved = drift(detector, scores, [one["outside"] for one in heard])
    record = {**detector.training, "guarantee": asdict(found), "drift": moved}
    return replace(detector, threshold=found.threshold, training=record)
