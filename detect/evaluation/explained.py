"""How much of a detector's success trivial features could explain.

A detector is asked to tell real from fake only among clips that trivial features cannot tell
apart: clips are put into groups of like trivial score, and the area under the ROC curve is taken
within the groups. What is lost on the way is what level, silence, bandwidth and the like could
explain.
"""

import numpy as np
import pandas as pd

from detect.evaluation.audit import area
from experiment.bootstrap import resample, summarise

BINS = 5


def explained(scores, clips, repeats=500, seed=0):
    """Compare a detector with trivial features, attack by attack.

    Parameters
    ----------
    scores : DataFrame
        Scores of one detector, see detect.evaluation.intervals.
    clips : DataFrame
        From detect.evaluation.audit.examine, with the column ``all``.
    repeats, seed : int
        Draws of speakers, and their seed.

    Returns
    -------
    DataFrame
        A row for each attack and quantity: ``attack``, ``quantity`` (``trivial``, ``detector``,
        ``within``: areas under the ROC curve of trivial features, of the detector, of the detector
        among clips of like trivial score; ``explained``: the share of the detector's lead over
        chance that is lost there), ``value``, ``low``, ``high``, ``n``, ``speakers``, ``seed``.
    """
    joined = clips.merge(scores[["name", "score", "speaker"]], on="name")
    rows = []
    for attack, part in joined.groupby("attack", sort=True):
        if part["real"].nunique() == 2:
            rows += [{"attack": attack, **row} for row in _compare(part, repeats, seed)]
    return pd.DataFrame(rows)


def _compare(part, repeats, seed):
    real, trivial, score = (part[name].to_numpy() for name in ("real", "all", "score"))
    edges = np.quantile(trivial, np.linspace(0, 1, BINS + 1)[1:-1])
    bins = np.searchsorted(edges, trivial, side="right")

    def measure(index):
        whole = area(score[index], real[index])
        within = _within(score[index], real[index], bins[index])
        share = (whole - within) / (whole - 0.5) if whole > 0.5 else np.nan
        return np.array([area(trivial[index], real[index]), whole, within, share])

    speaker = part["speaker"].where(part["speaker"] != "", part["name"]).to_numpy()
    sample = resample(measure, speaker, strata=real, repeats=repeats, seed=seed)
    values, count = measure(np.arange(len(part))), len(set(speaker))
    for name, value, draws in zip(QUANTITIES, values, sample.T, strict=True):
        found = summarise(value, draws, len(part), count, seed=seed)
        ends = {"value": found.value, "low": found.low, "high": found.high}
        yield {"quantity": name, **ends, "n": found.n, "speakers": count, "seed": seed}


QUANTITIES = ("trivial", "detector", "within", "explained")


def _within(score, real, bins):
    """Return the area within bins, each weighted by its pairs of a real and a fake clip."""
    areas, pairs = [], []
    for chosen in (bins == k for k in np.unique(bins)):
        n = real[chosen].sum()
        if 0 < n < chosen.sum():
            areas.append(area(score[chosen], real[chosen]))
            pairs.append(n * (chosen.sum() - n))
    return np.average(areas, weights=pairs) if pairs else np.nan
