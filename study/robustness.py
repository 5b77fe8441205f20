"""How a detector does on the same clips after what may happen to a recording."""

import pandas as pd

from audio.augment import Codec, Cut, Level, Noise, Resample, Room, Telephone
from detect.evaluation.intervals import differences_from, table
from detect.use.scoring import score_manifest
from experiment.seeds import rng

CONDITIONS = {
    "clean": None,
    "noise 20 dB": Noise(20, 20),
    "noise 15 dB": Noise(15, 15),
    "noise 10 dB": Noise(10, 10),
    "noise 5 dB": Noise(5, 5),
    "mp3 36 kbit/s": Codec(("mp3",), 0.5, 0.5),
    "Opus 35 kbit/s": Codec(("opus",), 0.9, 0.9),
    "telephone": Telephone(),
    "reverberation 0.5 s": Room(0.5, 0.5),
    "resampled to 8 kHz": Resample((8000,)),
    "level -20 dB": Level(-20, -20),
    "first 0.3 s cut": Cut(0.3, 0.3),
}


def robustness(detectors, frame, conditions=None, *, metrics=("eer", "auc"), repeats=500, seed=0):
    """Judge trainings of a detector under every condition, at their own thresholds.

    Parameters
    ----------
    detectors : sequence of Detector
        Trainings of one model; each number is their mean.
    frame : DataFrame
        Clips to judge by; the split test of a manifest.
    conditions : mapping, optional
        Changes ``(samples, generator) -> samples`` by name, None for none; `CONDITIONS` by default.
        The first is what the others are compared with.
    metrics : sequence of str
        Of detect.evaluation.intervals.METRICS.
    repeats, seed : int
        Draws of speakers, and the seed of these and of the changes.

    Returns
    -------
    DataFrame
        A row for each condition and metric: condition, metric, value, low, high, difference,
        difference_low, difference_high (from the first condition, on the same draws of speakers),
        bonafide, spoof, speakers, trainings, seed.
    """
    conditions = CONDITIONS if conditions is None else conditions
    scores = {
        name: [_scores(detector, frame, name, change, seed) for detector in detectors]
        for name, change in conditions.items()
    }
    first = next(iter(scores.values()))
    changes = differences_from(first, scores.values(), metrics, repeats=repeats, seed=seed)
    rows = []
    for (name, runs), change in zip(scores.items(), changes, strict=True):
        found = table(runs, repeats=repeats, seed=seed)
        found = found[(found["kind"] == "all") & found["metric"].isin(metrics)]
        for row in found.to_dict("records"):
            difference = _difference(change[row["metric"]])
            rows.append({"condition": name, **_kept(row), **difference})
    return pd.DataFrame(rows)


def _scores(detector, frame, name, change, seed):
    if change is None:
        return score_manifest(detector, frame)

    def changed(clip):
        return change(clip.samples, rng(seed, name, clip.name)).astype("float32")

    return score_manifest(detector, frame, changed, [name, repr(change), seed])


def _kept(row):
    names = ("metric", "value", "low", "high", "bonafide", "spoof", "speakers", "trainings", "seed")
    return {name: row[name] for name in names}


def _difference(found):
    return {
        "difference": found.value,
        "difference_low": found.low,
        "difference_high": found.high,
    }
