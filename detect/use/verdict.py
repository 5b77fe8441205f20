"""What a score says about recordings, in words."""

import math
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from audio.clip import read_clip
from detect.use.prior import posterior
from detect.use.soundness import unsound
from experiment.errors import DataError, UsageError
from experiment.files import reason
from experiment.parallel import cores
from experiment.threads import single_blas

BONAFIDE, SPOOF, NEITHER = "bona fide", "spoof", "cannot judge"
LONG = 2  # a recording longer than so many windows is judged in all its parts
GROUP = 64  # files
BYTES = 32 << 20  # on disk
UNCALIBRATED = "a logit, no ratio: calibrate this detector on labelled recordings first"


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
    one, other = (BONAFIDE, "fake") if score >= 0 else ("fake", BONAFIDE)
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
        order of the paths; about `GROUP` files, or `BYTES` of them, are in memory at a time.
    """
    with ThreadPoolExecutor(cores()) as pool:
        ahead = []
        for group in _groups(paths):
            reading = [pool.submit(_read, path, detector.rate) for path in group]
            yield from _judged(detector, ahead, step)
            ahead = reading
        yield from _judged(detector, ahead, step)


def _groups(paths):
    """Yield lists of paths that may be in memory at the same time."""
    group, room = [], BYTES
    for path in paths:
        group.append(path)
        room -= _size(path)
        if len(group) == GROUP or room < 0:
            yield group
            group, room = [], BYTES
    if group:
        yield group


def _size(path):
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


def _read(path, rate):
    try:
        return path, read_clip(path, rate=rate)
    except DataError as error:
        return path, error


def _judged(detector, group, step):
    found = [future.result() for future in group]
    clips = [clip for _, clip in found if not isinstance(clip, DataError)]
    with single_blas():  # products as small as the domain's only make threads wait
        told = iter(_one_by_one(detector, clips, step))
    for path, clip in found:
        bad = isinstance(clip, DataError)
        said = {"reason": str(clip)} if bad else next(told)
        if isinstance(said, Exception):
            said = {"reason": f"{path}: cannot be judged ({reason(said)})"}
        yield {"file": str(path), **said}


def _one_by_one(detector, clips, step):
    """Return the verdicts on clips; where one of them spoils the batch, its exception instead."""
    try:
        return verdicts(detector, clips, step)
    except UsageError:
        raise
    except Exception as error:
        if len(clips) <= 1:
            return [error] * len(clips)
        return [_one_by_one(detector, [clip], step)[0] for clip in clips]


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
        verdict ("bona fide", "spoof", or "cannot judge" where there is no sound, where score or
        distance are not finite, and where the detector learned nothing), llr (None where it is not
        finite), threshold, meaning, posterior (probability of a spoof by the detector's prior; None
        where it has none or there is no verdict), seconds (of the recording), judged (seconds that
        the detector saw), flags; distance (from the training clips, in units of their own) and
        limit, None where the detector has no domain; outside (whether the distance exceeds the
        limit, and wherever there is no finite score); timeline (the records of
        detect.use.streaming.timeline) and fake (start and end of what is called fake, in seconds),
        None for a short recording.
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
    heard = [_heard(detector.front_end, clip.samples) for clip in clips]
    features = detector.features(clips)
    scores = detector.calibration(detector.logits(features))
    far = np.full(len(clips), np.nan)
    if detector.domain is not None:
        far = detector.domain.distance(features)
    return [
        {"llr": float(a), "distance": float(b), "unsound": unsound(part, detector.rate)}
        for a, b, part in zip(scores, far, heard, strict=True)
    ]


def _heard(front_end, samples):
    """Return the samples of a clip that a front end looks at, none of them twice."""
    return front_end.fit(samples) if len(samples) > front_end.samples else samples


def _fake(detector, clip, table):
    """Return the seconds that are called fake: to a frame where frames are judged, else windows."""
    from detect.use.localise import fake_stretches, localises
    from detect.use.streaming import stretches

    if localises(detector):
        return fake_stretches(detector, clip.samples)
    return stretches(table, detector.threshold)


def _parts(detector, clip, step):
    from detect.use.streaming import counting, timeline

    table = timeline(detector, clip.samples, clip.rate, step)
    limit = None if detector.domain is None else detector.domain.level
    heard = counting(table, limit)
    records = table.astype(object).where(table.notna(), None).to_dict("records")
    return {
        "llr": float(heard["llr"].mean()),
        "distance": float(heard["distance"].mean(skipna=False)),
        "unsound": "",  # each window was asked by itself
        "judged": clip.seconds if len(heard) else 0.0,
        "timeline": records,
        "fake": _fake(detector, clip, table),
    }


def _worded(detector, clip, values):
    score, far = values["llr"], values["distance"]
    limit = None if detector.domain is None else detector.domain.level
    flags = list(dict.fromkeys([*clip.flags, *filter(None, [values["unsound"]])]))
    silent = values["unsound"] or not math.isfinite(score)
    outside = bool(silent or (limit is not None and not far <= limit))
    if not learned(detector):
        said, means = NEITHER, "nothing: this detector learned nothing on its development set"
    elif silent:
        said, means = NEITHER, "nothing to judge"
    elif limit is not None and not math.isfinite(far):
        said, means = NEITHER, "nothing: its distance from the training clips is not a number"
    elif not detector.calibrated:
        said, means = called(score, detector.threshold), UNCALIBRATED
    else:
        said, means = called(score, detector.threshold), meaning(score)
    return {
        "verdict": said,
        "llr": None if silent else score,
        "threshold": detector.threshold,
        "meaning": means,
        "posterior": _posterior(detector, said, score),
        "seconds": clip.seconds,
        "judged": values["judged"],
        "flags": flags,
        "distance": None if limit is None or silent or not math.isfinite(far) else far,
        "limit": limit,
        "outside": outside,
        "timeline": values.get("timeline"),
        "fake": values.get("fake"),
    }


def _posterior(detector, said, score):
    if detector.prior is None or said == NEITHER:
        return None
    return posterior(score, detector.prior)


def learned(detector):
    """Whether a detector told the classes apart on its development set, by its own record."""
    ability = detector.training.get("ability")
    records = detector.training, ability if isinstance(ability, dict) else {}
    return all(record.get("learned", True) is not False for record in records)


def called(score, threshold):
    """Return "bona fide" or "spoof"; "cannot judge" where the score is not finite."""
    if not math.isfinite(score):
        return NEITHER
    return BONAFIDE if score >= threshold else SPOOF
