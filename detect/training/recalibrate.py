"""Calibration, threshold and domain of a finished detector, from labelled recordings."""

from dataclasses import replace

from detect.evaluation.intervals import is_real
from detect.evaluation.metrics import eer_threshold, evaluate
from detect.training.ability import UNABLE, ability
from detect.training.drift import KEPT, quantiles
from detect.use import domain
from detect.use.calibration import calibrate
from detect.use.features import of_manifest
from experiment.progress import say


def recalibrated(detector, frame, known=None):
    """Return a detector whose scores are likelihood ratios for the recordings of a manifest.

    Parameters
    ----------
    detector : Detector
        Trained or imported; what it was calibrated on before does not count.
    frame : DataFrame
        A manifest with both classes, none of which the network was trained on or will be tested on.
    known : DataFrame, optional
        A manifest of recordings like those that it shall judge, from which the domain is fitted;
        `frame` then sets its limit. Without, the detector keeps the domain that it has.

    Returns
    -------
    Detector
        With the same network. ``training["dev"]`` holds the figures on `frame`, which calibration
        has seen.

    Raises
    ------
    DataError
        If a class is missing.
    """
    features = of_manifest(detector.front_end, frame)
    detector = calibrated(detector, features, frame)
    record = {**detector.training, "calibrated": True, "calibration_clips": len(frame)}
    if known is None:
        return replace(detector, training=record)
    fitted = domain.fit(of_manifest(detector.front_end, known), features)
    record["domain_clips"] = len(known)
    return replace(detector, training=record, domain=fitted)


def calibrated(detector, features, frame, threshold=eer_threshold):
    """Return a detector with calibration, threshold and figures from labelled features.

    Parameters
    ----------
    detector : Detector
        Any.
    features : ndarray [clips, ...]
        From its front end.
    frame : DataFrame
        A row for each of them, with label, speaker and name.
    threshold : callable
        From the scores of bona fide clips and of spoofs to the decision threshold.

    Returns
    -------
    Detector
        One that learned nothing says so, here and in its record.
    """
    logits = detector.logits(features)
    real = is_real(frame, "calibration set")
    calibration = calibrate(logits[real], logits[~real])
    scores = calibration(logits)
    limit = threshold(scores[real], scores[~real])
    able = ability(frame.assign(score=scores))
    if not able["learned"]:
        say(UNABLE.format(**able))
    measured = {
        "dev": evaluate(scores[real], scores[~real], limit),
        "ability": able,
        KEPT: quantiles(scores[real]),
    }
    return replace(
        detector,
        calibration=calibration,
        threshold=limit,
        training={**detector.training, **measured},
    )
