"""Calibration, threshold and domain of a finished detector, from labelled recordings."""

from dataclasses import replace

from detect.evaluation.metrics import eer_threshold, evaluate
from detect.training.calibration import calibrate
from detect.training.features import is_real, of_manifest
from detect.use import domain


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
    detector = calibrated(detector, features, is_real(frame, "calibration set"))
    record = {**detector.training, "calibrated": True, "calibration_clips": len(frame)}
    if known is None:
        return replace(detector, training=record)
    fitted = domain.fit(of_manifest(detector.front_end, known), features)
    record["domain_clips"] = len(known)
    return replace(detector, training=record, domain=fitted)


def calibrated(detector, features, real):
    """Return a detector with calibration, threshold and figures from labelled features.

    Parameters
    ----------
    detector : Detector
        Any.
    features : ndarray [clips, ...]
        From its front end.
    real : ndarray [clips] of bool
        Which are bona fide.

    Returns
    -------
    Detector
    """
    logits = detector.logits(features)
    calibration = calibrate(logits[real], logits[~real])
    scores = calibration(logits)
    bonafide, spoof = scores[real], scores[~real]
    threshold = eer_threshold(bonafide, spoof)
    return replace(
        detector,
        calibration=calibration,
        threshold=threshold,
        training={**detector.training, "dev": evaluate(bonafide, spoof, threshold)},
    )
