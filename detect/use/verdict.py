"""What a score says about recordings, in words."""

import math
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np

from audio.clip import read_clip
from experiment.errors import DataError
from experiment.parallel import cores
from experiment.threads import single_blas

LONG = 2  # a recording longer than so many windows is judged in all its parts
GROUP = 64  # files


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


def judge_files(detector, paths, step=None):
    """Yield the verdicts on many files; reading and scoring overlap, on all cores.

    Parameters
    ----------
    detector : Detector
        Calibrated, with its threshold.
    paths : iterable of str or Path
        Sound files.
    step : float, optional
        As for `verdicts`.

    Yields
    ------
    dict
        ``file``, then as `verdict`; or ``file`` and ``reason`` where it cannot be read. In the
        order of the paths; about `GROUP` files are in memory at a time.
    """
    with ThreadPoolExecutor(cores()) as pool:
        paths, ahead = iter(paths), []
        while group := list(islice(paths, GROUP)):
            reading = [pool.submit(_read, path, detector.rate) for path in group]
            yield from _judged(detector, ahead, step)
            ahead = reading
        yield from _judged(detector, ahead, step)


def _read(path, rate):
    try:
        return path, read_clip(path, rate=rate)
    except DataError as error:
        return path, error


def _judged(detector, group, step):
    found = [future.result() for future in group]
    clips = [clip for _, clip in found if not isinstance(clip, DataError)]
    with single_blas():  # products as small as the domain's only make threads wait
        told = iter(verdicts(detector, clips, step))
    for path, clip in found:
        bad = isinstance(clip, DataError)
        yield {"file": str(path), **({"reason": str(clip)} if bad else next(told))}


def verdict(detector, clip):
    """Return the verdict on one recording.

    Parameters
    ----------
    detector : Detector
        Calibrated, with its threshold.
    clip : Clip
        At the detector's rate. One of more than two windows of the detector is judged in all its
        parts, by the mean of their ratios; a shorter one by its centre.

    Returns
    -------
    dict
        verdict ("bona fide" or "fake"; "no sound" where there is none to judge), llr, threshold,
        meaning, seconds (of the recording), judged (seconds that the detector saw), flags;
        distance (from the training clips, in units of their own), limit and outside (whether the
        distance exceeds the limit), None where the detector has no domain; timeline (the records of
        detect.use.streaming.timeline) and fake (start and end of what is called fake, in
        seconds), None for a short recording.
    """
    return verdicts(detector, [clip])[0]


def verdicts(detector, clips, step=None):
    """Return the verdicts on several recordings, the short ones scored together.

    Parameters
    ----------
    detector : Detector
        Calibrated, with its threshold.
    clips : sequence of Clip
        At the detector's rate.
    step : float, optional
        Seconds between the windows on a long recording; half a window by default.

    Returns
    -------
    list of dict
        As `verdict` returns them.
    """
    window = detector.front_end.seconds
    found = [None] * len(clips)
    short = [k for k, clip in enumerate(clips) if clip.seconds <= LONG * window]
    for k, values in zip(short, _centres(detector, [clips[k] for k in short]), strict=True):
        found[k] = {**values, "judged": min(clips[k].seconds, window)}
    return [
        _worded(detector, clip, values or _parts(detector, clip, step))
        for clip, values in zip(clips, found, strict=True)
    ]


def _centres(detector, clips):
    if not clips:
        return []
    features = detector.features(clips)
    scores = detector.calibration(detector.logits(features))
    far = np.full(len(clips), np.nan)
    if detector.domain is not None:
        far = detector.domain.distance(features)
    return [
        {"llr": float(a), "distance": float(b)}
        for a, b in zip(scores, far, strict=True)
    ]  # fmt: skip


def _parts(detector, clip, step):
    from detect.use.streaming import stretches, timeline

    table = timeline(detector, clip.samples, clip.rate, step)
    heard = table.dropna(subset="llr")
    records = table.astype(object).where(table.notna(), None).to_dict("records")
    return {
        **{name: float(heard[name].mean()) for name in ("llr", "distance")},
        "judged": clip.seconds if len(heard) else 0.0,
        "timeline": records,
        "fake": stretches(table, detector.threshold),
    }


def _worded(detector, clip, values):
    score, far = values["llr"], values["distance"]
    silent = "silent" in clip.flags or not math.isfinite(score)
    limit = detector.domain.level if detector.domain is not None else None
    return {
        "verdict": "no sound" if silent else called(score, detector.threshold),
        "llr": None if silent else score,
        "threshold": detector.threshold,
        "meaning": "nothing to judge" if silent else meaning(score),
        "seconds": clip.seconds,
        "judged": values["judged"],
        "flags": list(clip.flags),
        "distance": None if limit is None or silent else far,
        "limit": limit,
        "outside": None if limit is None or silent else far > limit,
        "timeline": values.get("timeline"),
        "fake": values.get("fake"),
    }


def called(score, threshold):
    """Return "bona fide" or "fake"."""
    return "bona fide" if score >= threshold else "fake"
