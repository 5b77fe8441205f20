"""A verdict where it is known how many of the recordings are fakes."""

import math
from dataclasses import replace

from experiment.errors import UsageError


def at_prior(detector, prior):
    """Return a detector whose verdicts are those of the least expected error.

    Parameters
    ----------
    detector : Detector
        Calibrated.
    prior : float
        Probability of a spoof before anything is heard, between 0 and 1.

    Returns
    -------
    Detector
        Its scores stay log-likelihood ratios; the threshold is the log odds of a spoof, below
        which a spoof is the likelier one (T. Bayes' rule with equal costs).

    Raises
    ------
    UsageError
        If the prior is out of range, or the detector's scores are no ratios.
    """
    if not 0 < prior < 1:
        raise UsageError(f"prior must lie between 0 and 1. Received: {prior}")
    if not detector.calibrated:
        raise UsageError(
            f"a prior needs likelihood ratios, and {detector.model} is not calibrated: "
            "fake-audio calibrate does it with labelled recordings"
        )
    threshold = math.log(prior / (1 - prior))
    return replace(detector, threshold=threshold, training={**detector.training, "prior": prior})


def posterior(score, prior):
    """Return the probability of a spoof after a recording was heard.

    Parameters
    ----------
    score : float
        Log-likelihood ratio of bona fide against spoof.
    prior : float
        Probability of a spoof before.

    Returns
    -------
    float

    Examples
    --------
    >>> round(posterior(0.0, 0.01), 4), round(posterior(-4.6, 0.01), 2)
    (0.01, 0.5)
    """
    from scipy.special import expit

    return float(expit(math.log(prior / (1 - prior)) - score))
