"""What a score says about one recording, in words."""

import math

from audio.clip import read_clip


def meaning(score):
    """Return a log-likelihood ratio in words.

    Parameters
    ----------
    score : float
        Natural logarithm.

    Returns
    -------
    str
        How many times as likely the sound is under one hypothesis as under the other.
    """
    times = math.exp(min(abs(score), math.log(1000)))
    how = "over 1000" if times >= 999.5 else f"{times:.3g}"
    one, other = ("bona fide", "fake") if score >= 0 else ("fake", "bona fide")
    return f"{how} times as likely from {one} as from {other} speech, by the detector's dev set"


def judge(detector, path):
    """Return the verdict on one file.

    Parameters
    ----------
    detector : Detector
        Calibrated, with its threshold.
    path : str or Path
        A sound file.

    Returns
    -------
    dict
        file, verdict ("bona fide" or "fake"), llr, threshold, meaning, seconds (of the file),
        judged (seconds that the detector saw) and flags of the file.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    clip = read_clip(path, rate=detector.rate)
    score = float(detector.score([clip])[0])
    return {
        "file": str(path),
        "verdict": "bona fide" if score >= detector.threshold else "fake",
        "llr": score,
        "threshold": detector.threshold,
        "meaning": meaning(score),
        "seconds": clip.seconds,
        "judged": min(clip.seconds, detector.front_end.seconds),
        "flags": list(clip.flags),
    }
