"""Metrics of spoofing detection.

Conventions
-----------
A higher score means bona fide. A *miss* is a bona fide clip that is rejected, a *false alarm* a
spoof that is accepted; a clip is accepted where its score is at least the threshold. Equal scores
are one operating point: no threshold can part them. (The official ASVspoof code walks through ties
one by one, so its figures then depend on the order of the clips; without ties the two are equal.)

Precision, recall and F1 are those of the spoof class, which is what a detector is there to find.

Every metric is called alike: ``metric(bonafide, spoof, ..., weights=None)``. The scores of bona
fide clips come first, those of spoofs second, what the metric alone needs follows, and `weights`
[..., bonafide + spoof] is given by name: one weight per clip, bona fide first. Its leading axes are
sets of weights, such as the draws of a bootstrap, and become axes of the result. Who needs several
metrics of one curve takes the methods of `operating_points`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from experiment.errors import DataError

P_SPOOF, COST_MISS, COST_FALSE_ALARM = 0.05, 1.0, 10.0  # ASVspoof 5, track 1
BAYES = -np.log((1 - P_SPOOF) * COST_MISS / (P_SPOOF * COST_FALSE_ALARM))


def validate(bonafide, spoof):
    """Return both score sets as float64 arrays.

    Raises
    ------
    DataError
        If a class is empty or a score is not finite.
    """
    bonafide, spoof = (np.asarray(scores, float).ravel() for scores in (bonafide, spoof))
    if not len(bonafide) or not len(spoof):
        raise DataError(
            f"metrics need both classes; received {len(bonafide)} bona fide and {len(spoof)} spoof"
        )
    bad = sum(int((~np.isfinite(scores)).sum()) for scores in (bonafide, spoof))
    if bad:
        raise DataError(f"{bad} of {len(bonafide) + len(spoof)} scores are not finite numbers")
    return bonafide, spoof


@dataclass(frozen=True)
class Points:
    """Operating points from "accept all" to "reject all".

    Attributes
    ----------
    thresholds : ndarray [k]
        Accept scores of at least this; the last is infinite.
    miss, false_alarm : ndarray [..., k]
        Rates of the two errors.
    """

    thresholds: np.ndarray
    miss: np.ndarray
    false_alarm: np.ndarray

    @property
    def crossing(self):
        """Index of the point whose two errors are closest, [...] of int."""
        return np.argmin(np.abs(self.miss - self.false_alarm), axis=-1)

    @property
    def equal_error_rate(self):
        """Mean of the two errors where they are closest, as ASVspoof computes it, [...]."""
        at = self.crossing[..., None]
        rates = (np.take_along_axis(rate, at, -1) for rate in (self.miss, self.false_alarm))
        return (sum(rates) / 2)[..., 0]

    @property
    def area_under_roc(self):
        """Probability that a bona fide clip scores above a spoof, a tie counting half, [...]."""
        detected = 1 - (self.miss[..., 1:] + self.miss[..., :-1]) / 2
        return (-np.diff(self.false_alarm) * detected).sum(axis=-1)

    def min_dcf(self, p_spoof=P_SPOOF, cost_miss=COST_MISS, cost_false_alarm=COST_FALSE_ALARM):
        """Return the least normalised detection cost over all thresholds, [...]; see `min_dcf`."""
        costs = (p_spoof, cost_miss, cost_false_alarm)
        return normalised_cost(self.miss, self.false_alarm, *costs).min(axis=-1)


def operating_points(
    bonafide: npt.ArrayLike, spoof: npt.ArrayLike, *, weights: np.ndarray | None = None
) -> Points:
    """Return the errors at every threshold that makes a difference.

    Parameters
    ----------
    bonafide : array_like [n]
        Scores of bona fide clips.
    spoof : array_like [m]
        Scores of spoofs.
    weights : ndarray [..., n + m], optional
        See the conventions above.

    Returns
    -------
    Points
        One more than there are distinct scores. NaN where a class weighs nothing.
    """
    bonafide, spoof = validate(bonafide, spoof)
    scores = np.concatenate([bonafide, spoof])
    order = np.argsort(scores, kind="stable")
    last = np.flatnonzero(np.append(np.diff(scores[order]) > 0, True))
    weights = np.ones(len(scores)) if weights is None else np.asarray(weights, float)
    real = order < len(bonafide)
    below_real, below_spoof = (
        _below(np.where(mask, weights[..., order], 0), last) for mask in (real, ~real)
    )
    with np.errstate(invalid="ignore"):
        miss = below_real / below_real[..., -1:]
        false_alarm = (below_spoof[..., -1:] - below_spoof) / below_spoof[..., -1:]
    return Points(np.append(scores[order][last], np.inf), miss, false_alarm)


def _below(weights, last):
    total = np.cumsum(weights, axis=-1)[..., last]
    return np.concatenate([np.zeros_like(total[..., :1]), total], axis=-1)


def equal_error_rate(
    bonafide: npt.ArrayLike, spoof: npt.ArrayLike, *, weights: np.ndarray | None = None
) -> np.ndarray:
    """Return the mean of the two errors where they are closest, as ASVspoof computes it.

    Parameters
    ----------
    bonafide, spoof : array_like [n], [m]
        Scores.
    weights : ndarray [..., n + m], optional
        See the conventions above.

    Returns
    -------
    ndarray [...]

    Examples
    --------
    >>> float(equal_error_rate([1, 2, 3, 4], [-1, 0, 1.5, -2]))
    0.25
    """
    return operating_points(bonafide, spoof, weights=weights).equal_error_rate


def area_under_roc(
    bonafide: npt.ArrayLike, spoof: npt.ArrayLike, *, weights: np.ndarray | None = None
) -> np.ndarray:
    """Return the probability that a bona fide clip scores above a spoof; a tie counts half.

    Parameters
    ----------
    bonafide, spoof : array_like [n], [m]
        Scores.
    weights : ndarray [..., n + m], optional
        See the conventions above.

    Returns
    -------
    ndarray [...]

    Examples
    --------
    >>> float(area_under_roc([1, 2], [0, 1]))
    0.875
    """
    return operating_points(bonafide, spoof, weights=weights).area_under_roc


def min_dcf(
    bonafide: npt.ArrayLike,
    spoof: npt.ArrayLike,
    p_spoof: float = P_SPOOF,
    cost_miss: float = COST_MISS,
    cost_false_alarm: float = COST_FALSE_ALARM,
    *,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Return the least normalised detection cost over all thresholds.

    Parameters
    ----------
    bonafide, spoof : array_like [n], [m]
        Scores.
    p_spoof, cost_miss, cost_false_alarm : float
        Prior of a spoof and the costs of the two errors; those of ASVspoof 5 by default.
    weights : ndarray [..., n + m], optional
        See the conventions above.

    Returns
    -------
    ndarray [...]

    Examples
    --------
    >>> float(min_dcf([1, 2, 3, 4], [-1, 0, 1.5, -2]))
    0.25
    """
    points = operating_points(bonafide, spoof, weights=weights)
    return points.min_dcf(p_spoof, cost_miss, cost_false_alarm)


def eer_threshold(bonafide: npt.ArrayLike, spoof: npt.ArrayLike) -> float:
    """Return the threshold at which the two errors are closest, halfway between two scores.

    Parameters
    ----------
    bonafide, spoof : array_like [n], [m]
        Scores of the development set.

    Returns
    -------
    float
    """
    points = operating_points(bonafide, spoof)
    upper = int(points.crossing)
    near = points.thresholds[max(upper - 1, 0) : upper + 1]
    return float(near[np.isfinite(near)].mean())


def cost_threshold(bonafide: npt.ArrayLike, spoof: npt.ArrayLike, weight: float = 0.5) -> float:
    """Return the threshold at which the weighted errors are fewest, halfway between two scores.

    Parameters
    ----------
    bonafide, spoof : array_like [n], [m]
        Scores of the development set.
    weight : float
        Of the bona fide clips that are called spoof; that of the other error is 1 - weight. With a
        prior P of spoofs and costs, it is in proportion to (1 - P) times the cost of the first
        error, and 1 - weight to P times that of the second.

    Returns
    -------
    float
    """
    points = operating_points(bonafide, spoof)
    cost = weight * points.miss + (1 - weight) * points.false_alarm
    upper = int(np.argmin(cost))
    near = points.thresholds[max(upper - 1, 0) : upper + 1]
    return float(near[np.isfinite(near)].mean())


def normalised_cost(
    miss, false_alarm, p_spoof=P_SPOOF, cost_miss=COST_MISS, cost_false_alarm=COST_FALSE_ALARM
):
    """Return the detection cost, relative to accepting all or rejecting all without listening.

    Source: X. Wang et al., *ASVspoof 5*, 2024, section 4.
    """
    of_miss, of_false_alarm = cost_miss * (1 - p_spoof), cost_false_alarm * p_spoof
    return (of_miss * miss + of_false_alarm * false_alarm) / min(of_miss, of_false_alarm)


def _mean(values, weights):
    with np.errstate(invalid="ignore"):
        return (values * weights).sum(axis=-1) / weights.sum(axis=-1)


def cllr(
    bonafide: npt.ArrayLike, spoof: npt.ArrayLike, *, weights: np.ndarray | None = None
) -> np.ndarray:
    """Return the cost of log-likelihood ratios in bits; 1 for the ratio that is always zero.

    Parameters
    ----------
    bonafide, spoof : array_like [n], [m]
        Natural-log likelihood ratios.
    weights : ndarray [..., n + m], optional
        See the conventions above.

    Returns
    -------
    ndarray [...]

    Notes
    -----
    Source: N. Brummer, J. du Preez, *Application-independent evaluation of speaker detection*,
    Computer Speech and Language, 2006. In logarithms, so that no score overflows.
    """
    bonafide, spoof = validate(bonafide, spoof)
    real, fake = _split(weights, len(bonafide), len(spoof))
    bits = np.logaddexp(0, -bonafide) / np.log(2), np.logaddexp(0, spoof) / np.log(2)
    return (_mean(bits[0], real) + _mean(bits[1], fake)) / 2


def _split(weights, n, m):
    weights = np.ones(n + m) if weights is None else np.asarray(weights, float)
    return weights[..., :n], weights[..., n:]


def decisions(
    bonafide: npt.ArrayLike,
    spoof: npt.ArrayLike,
    threshold: float,
    *,
    weights: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Return what the decisions at one threshold are worth.

    Parameters
    ----------
    bonafide, spoof : array_like [n], [m]
        Scores.
    threshold : float
        Accept scores of at least this; chosen on the development set.
    weights : ndarray [..., n + m], optional
        See the conventions above.

    Returns
    -------
    dict of str to ndarray [...]
        accuracy, balanced_accuracy, precision, recall, f1 (of the spoof class), miss, false_alarm.
    """
    bonafide, spoof = validate(bonafide, spoof)
    real, fake = _split(weights, len(bonafide), len(spoof))
    missed, caught = (real * (bonafide < threshold)).sum(-1), (fake * (spoof < threshold)).sum(-1)
    n, m = real.sum(-1), fake.sum(-1)
    with np.errstate(invalid="ignore"):
        miss, recall = missed / n, caught / m
        accuracy = (n - missed + caught) / (n + m)
    return {
        "accuracy": accuracy,
        "balanced_accuracy": (1 - miss + recall) / 2,
        "precision": _ratio(caught, caught + missed),
        "recall": recall,
        "f1": _ratio(2 * caught, caught + missed + m),
        "miss": miss,
        "false_alarm": 1 - recall,
    }


def _ratio(part, whole):
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)


def evaluate(
    bonafide: npt.ArrayLike,
    spoof: npt.ArrayLike,
    threshold: float | None = None,
    *,
    weights: np.ndarray | None = None,
):
    """Return all metrics of two sets of scores.

    Parameters
    ----------
    bonafide, spoof : array_like [n], [m]
        Log-likelihood ratios, higher for bona fide.
    threshold : float, optional
        Decision threshold, from the development set. By default 0: where the likelihoods are equal.
    weights : ndarray [..., n + m], optional
        See the conventions above.

    Returns
    -------
    dict of str to float (ndarray [...] with weights)
        eer, min_dcf, act_dcf (at the Bayes threshold of ASVspoof 5), cllr, auc, those of
        `decisions` and the threshold.

    Raises
    ------
    DataError
        If a class is missing, with the counts, or a score is not finite.
    """
    threshold = 0.0 if threshold is None else float(threshold)
    points = operating_points(bonafide, spoof, weights=weights)
    actual = decisions(bonafide, spoof, BAYES, weights=weights)
    values = {
        "eer": points.equal_error_rate,
        "min_dcf": points.min_dcf(),
        "act_dcf": normalised_cost(actual["miss"], actual["false_alarm"]),
        "cllr": cllr(bonafide, spoof, weights=weights),
        "auc": points.area_under_roc,
        **decisions(bonafide, spoof, threshold, weights=weights),
    }
    if weights is None:
        values = {name: float(value) for name, value in values.items()}
    return {**values, "threshold": threshold}
