"""Where in a recording: error rates over time, and how well found stretches meet the true ones.

Scores are one number per frame, higher for bona fide; the truth are the parts of
`audio.segments`. Point EER counts frames. Range EER counts seconds: each error is the share of the
time of a class that is decided wrongly, so that a frame across a boundary counts on both sides.
"""

from dataclasses import dataclass

import numpy as np

from audio.segments import frames, parse, stretches
from detect.evaluation.metrics import eer_threshold, equal_error_rate
from experiment.errors import DataError


@dataclass(frozen=True, eq=False)
class Timeline:
    """The scores of one recording, and the truth.

    Attributes
    ----------
    scores : ndarray [frames]
        Higher for bona fide; frame k covers ``[k, k + 1] * step``.
    step : float
        Seconds of a frame.
    segments : str
        The truth; see `audio.segments`.
    """

    scores: np.ndarray
    step: float
    segments: str


def point_eer(timelines):
    """Return the equal error rate over frames.

    Parameters
    ----------
    timelines : sequence of Timeline

    Returns
    -------
    float

    Raises
    ------
    DataError
        If all frames are of one class.
    """
    scores, spoof = [], []
    for one in timelines:
        scores.append(one.scores)
        spoof.append(frames(*parse(one.segments), len(one.scores), one.step))
    scores, spoof = np.concatenate(scores), np.concatenate(spoof)
    return float(equal_error_rate(scores[~spoof], scores[spoof]))


def range_eer(timelines):
    """Return the equal error rate over time.

    Parameters
    ----------
    timelines : sequence of Timeline

    Returns
    -------
    float

    Notes
    -----
    Both scores and truth are constant between boundaries, so cutting time at all of them and
    weighing each piece by its length gives the rates at every threshold at once. Source: L. Zhang
    et al., *Range-based equal error rate for spoof localization*, Interspeech 2023, section 3,
    where the threshold is searched instead.
    """
    parts = zip(*map(_pieces, timelines), strict=True)
    scores, spoof, seconds = map(np.concatenate, parts)
    weights = np.concatenate([seconds[~spoof], seconds[spoof]])
    return float(equal_error_rate(scores[~spoof], scores[spoof], weights=weights))


def _pieces(one):
    """Return score, class and seconds of the pieces between all boundaries of a recording."""
    edges, spoof = parse(one.segments)
    grid = np.arange(len(one.scores) + 1) * one.step
    end = min(edges[-1], grid[-1])
    cuts = np.unique(np.clip(np.concatenate([edges, grid]), edges[0], end))
    middle = (cuts[1:] + cuts[:-1]) / 2
    part = np.clip(np.searchsorted(edges, middle) - 1, 0, len(spoof) - 1)
    frame = np.clip((middle / one.step).astype(int), 0, len(one.scores) - 1)
    return np.asarray(one.scores)[frame], spoof[part], np.diff(cuts)


def overlap_f1(timelines, threshold, least=0.5):
    """Return precision, recall and F1 of stretches that are called spoof.

    Parameters
    ----------
    timelines : sequence of Timeline
    threshold : float
        Frames that score less are called spoof; chosen on dev.
    least : float
        Intersection over union from which a found stretch meets a true one. Each meets one at most,
        the best pairs first.

    Returns
    -------
    dict of str to float
        precision, recall, f1, found, true (numbers of stretches).
    """
    met = found = true = 0
    for one in timelines:
        edges, spoof = parse(one.segments)
        truth = np.stack([edges[:-1][spoof], edges[1:][spoof]], axis=1)
        called = stretches(np.asarray(one.scores) < threshold, one.step)
        met += _matches(_overlaps(called, truth), least)
        found, true = found + len(called), true + len(truth)
    if not true:
        raise DataError("no stretch of the truth is spoof; there is nothing to find")
    precision, recall = met / found if found else 0.0, met / true
    f1 = 2 * met / (found + true)
    return {"precision": precision, "recall": recall, "f1": f1, "found": found, "true": true}


def _overlaps(a, b):
    """Return intersection over union of every pair of stretches, [a, b]."""
    low = np.maximum(a[:, None, 0], b[None, :, 0])
    high = np.minimum(a[:, None, 1], b[None, :, 1])
    common = np.maximum(high - low, 0)
    lengths = (a[:, 1] - a[:, 0])[:, None] + (b[:, 1] - b[:, 0])[None, :]
    return common / np.maximum(lengths - common, 1e-12)


def _matches(overlap, least):
    count = 0
    while overlap.size and overlap.max() >= least:
        row, column = np.unravel_index(overlap.argmax(), overlap.shape)
        overlap = np.delete(np.delete(overlap, row, 0), column, 1)
        count += 1
    return count


def frame_threshold(timelines):
    """Return the threshold at which both errors over frames are closest, for use on other clips."""
    scores = np.concatenate([one.scores for one in timelines])
    spoof = np.concatenate(
        [frames(*parse(one.segments), len(one.scores), one.step) for one in timelines]
    )
    return eer_threshold(scores[~spoof], scores[spoof])
