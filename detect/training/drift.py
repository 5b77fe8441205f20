"""How far the scores of real recordings lie from those that a detector was calibrated on."""

import numpy as np

SHARES = np.linspace(0, 1, 21)  # at which the scores of dev are kept
KEPT = "bonafide_quantiles"


def quantiles(scores):
    """Return what a detector keeps of the scores of bona fide development clips, list of float."""
    return [float(value) for value in np.quantile(scores, SHARES)]


def drift(detector, scores, outside):
    """Return how real recordings score beside those of the development set.

    Parameters
    ----------
    detector : Detector
        With the threshold from dev.
    scores : ndarray [n]
        Of real recordings.
    outside : sequence of bool
        Whether each lies outside what it was trained on.

    Returns
    -------
    dict
        median; alarms (share of them that the threshold from dev calls spoof); outside (share);
        dev_median, and lower (the probability that a recording scores less than a bona fide clip
        of dev does; one half without drift), both None where the detector kept no scores of dev.
    """
    found = {
        "median": float(np.median(scores)),
        "alarms": float(np.mean(scores < detector.threshold)),
        "outside": float(np.mean(outside)),
    }
    kept = detector.training.get(KEPT)
    if not kept:
        return {**found, "dev_median": None, "lower": None}
    below = np.interp(scores, kept, SHARES)
    return {**found, "dev_median": float(np.median(kept)), "lower": float(1 - below.mean())}
