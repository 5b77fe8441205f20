"""From logits to log-likelihood ratios, by logistic regression on development scores."""

from dataclasses import dataclass

import numpy as np

from detect.evaluation.metrics import BAYES, validate


@dataclass(frozen=True)
class Calibration:
    """A rising straight line from logit to log-likelihood ratio (natural logarithm).

    Attributes
    ----------
    scale, offset : float
        The ratio is ``scale * logit + offset``.
    """

    scale: float = 1.0
    offset: float = 0.0

    def __call__(self, logits):
        """Return log-likelihood ratios in float64, ndarray like `logits`."""
        return self.scale * np.asarray(logits, float) + self.offset


def calibrate(bonafide, spoof, prior=-BAYES):
    """Return the calibration with the least prior-weighted logistic loss.

    Parameters
    ----------
    bonafide, spoof : array_like [n], [m]
        Logits of development clips.
    prior : float
        Log odds of bona fide at which the loss is taken; by default those of the operating point
        of ASVspoof 5.

    Returns
    -------
    Calibration
        With a positive scale. The targets are (n + 1) / (n + 2) and 1 / (m + 2), so that a
        development set without errors does not claim certainty.

    Raises
    ------
    DataError
        If a class is missing.

    Notes
    -----
    Sources: N. Brummer, E. de Villiers, *The BOSARIS toolkit*, 2013, section 4; the targets are
    those of J. Platt, *Probabilistic outputs for support vector machines*, 1999.
    """
    from scipy.optimize import minimize

    bonafide, spoof = validate(bonafide, spoof)
    n, m = len(bonafide), len(spoof)
    logits = np.concatenate([bonafide, spoof])
    middle, spread = logits.mean(), logits.std() or 1.0
    logits = (logits - middle) / spread
    target = np.repeat([(n + 1) / (n + 2), 1 / (m + 2)], [n, m])
    odds = 1 / (1 + np.exp(-prior))
    weight = np.repeat([odds / n, (1 - odds) / m], [n, m])

    def loss(line):
        log_odds = line[0] * logits + line[1] + prior
        error = 1 / (1 + np.exp(-log_odds)) - target
        value = weight @ (np.logaddexp(0, log_odds) - target * log_odds)
        return value, np.array([weight * error @ logits, weight @ error])

    best = minimize(loss, [1.0, 0.0], jac=True, bounds=[(1e-6, None), (None, None)])
    scale, offset = best.x
    return Calibration(float(scale / spread), float(offset - scale * middle / spread))
