"""Judging as in the world: within one source, one speaker, one text; who is accused wrongly.

An area under the curve over all clips can be the channels of the sources: where most real clips
come from one place and most fakes from another, a detector of places does well. So the overall
figure stands beside those in which the place is the same on both sides.
"""

import numpy as np
import pandas as pd

from detect.evaluation.intervals import Draws, threshold_of
from detect.evaluation.metrics import area_under_roc
from experiment.bootstrap import group_counts, summarise

COLUMNS = ["split", "kind", "group", "metric", "value", "low", "high", "bonafide", "spoof", "n"]


def world(scores, *, repeats=500, seed=0, level=0.95):
    """Return the figures of each split that hold a source, a speaker or a text fixed.

    Parameters
    ----------
    scores : DataFrame
        A scores frame of one detector (see `detect.evaluation.intervals`); ``source``, ``text``,
        ``outside`` where they are known.
    repeats, seed : int
        Draws of speakers (of texts, for pairs of one text), and their seed.
    level : float
        Nominal coverage.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`; `n` counts what the interval draws. Kinds: ``source`` (auc where a source
        has both classes; miss, the share of its bona fide clips called spoof),
        ``mean over sources``, ``mean over attacks``, ``pairs of one speaker``, ``pairs of one
        text`` (auc), and ``outside`` (share of each class that the detector marks).
    """
    rows = []
    for split, part in scores.groupby("split", sort=True):
        part = part.sort_values(["label", "name"], ignore_index=True)
        options = {"repeats": repeats, "seed": seed, "level": level}
        for found in (_sources, _attacks, _speakers, _texts, _outside):
            rows += [{"split": split, **row} for row in found(part, options)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(kind, group, metric, part, value, sample, n, options):
    found = summarise(
        float(value), np.asarray(sample), len(part), n, level=options["level"], seed=options["seed"]
    )
    real = int((part["label"] == "bonafide").sum())
    return {
        "kind": kind, "group": group, "metric": metric,
        "value": found.value, "low": found.low, "high": found.high,
        "bonafide": real, "spoof": len(part) - real, "n": n,
    }  # fmt: skip


def _auc(part, drawn):
    """Return the area under the curve of a part, and of the part in each draw."""
    real = (part["label"] == "bonafide").to_numpy()
    values = part["score"].to_numpy(float)
    sides = values[real], values[~real]
    rows = part.index.to_numpy()
    speakers = drawn.inverse[np.concatenate([rows[real], rows[~real]])]
    drawn_areas = area_under_roc(*sides, weights=drawn.counts[:, speakers])
    return float(area_under_roc(*sides)), drawn_areas


def _speaker_count(part, drawn):
    return len(np.unique(drawn.inverse[part.index]))


def _means(kind, parts, scores, drawn, options):
    """Yield the area under the curve of each part and the mean over parts."""
    measured = {name: _auc(part, drawn) for name, part in parts.items()}
    for name, (value, sample) in measured.items():
        n = _speaker_count(parts[name], drawn)
        yield _row(kind, name, "auc", parts[name], value, sample, n, options)
    if measured:
        value = np.mean([value for value, _ in measured.values()])
        sample = np.mean([sample for _, sample in measured.values()], axis=0)
        whole = scores.loc[np.unique(np.concatenate([part.index for part in parts.values()]))]
        n = _speaker_count(whole, drawn)
        yield _row(f"mean over {kind}s", f"{len(parts)}", "auc", whole, value, sample, n, options)


def _sources(scores, options):
    if "source" not in scores:
        return
    drawn = Draws(scores, options["repeats"], options["seed"])
    groups = dict(iter(scores.groupby("source", sort=True)))
    both = {name: part for name, part in groups.items() if part["label"].nunique() == 2}
    yield from _means("source", both, scores, drawn, options)
    threshold = threshold_of(scores)
    for name, part in groups.items():
        real = part[part["label"] == "bonafide"]
        if len(real):
            yield _share("source", name, "miss", real, real["score"] < threshold, drawn, options)


def _share(kind, group, metric, part, flags, drawn, options):
    """Return a share of clips, with its interval by speaker."""
    weights = drawn.counts[:, drawn.inverse[part.index]]
    with np.errstate(invalid="ignore"):
        sample = weights @ flags.to_numpy(float) / weights.sum(axis=1)
    n = _speaker_count(part, drawn)
    return _row(kind, group, metric, part, flags.mean(), sample, n, options)


def _attacks(scores, options):
    real = scores["label"] == "bonafide"
    attacks = sorted(scores.loc[~real, "attack"].unique())
    if not real.any() or len(attacks) < 2:
        return
    drawn = Draws(scores, options["repeats"], options["seed"])
    parts = {attack: scores[real | (scores["attack"] == attack)] for attack in attacks}
    yield list(_means("attack", parts, scores, drawn, options))[-1]


def _speakers(scores, options):
    yield from _pairs(scores, "speaker", options)


def _texts(scores, options):
    yield from _pairs(scores, "text", options)


def _pairs(scores, column, options):
    """Yield how often a bona fide clip outscores a spoof of the same speaker or text."""
    if column not in scores:
        return
    known = scores[scores[column].astype(str) != ""]
    both = [part for _, part in known.groupby(column) if part["label"].nunique() == 2]
    if not both:
        return
    counted = np.array([_wins(part) for part in both])
    draws = group_counts(np.zeros(len(both)), repeats=options["repeats"], seed=options["seed"])
    wins, pairs = (draws @ counted).T
    value = counted[:, 0].sum() / counted[:, 1].sum()
    kind, part = f"pairs of one {column}", pd.concat(both)
    yield _row(kind, f"{len(both)}", "auc", part, value, wins / pairs, len(both), options)


def _wins(part):
    real = (part["label"] == "bonafide").to_numpy()
    values = part["score"].to_numpy(float)
    gap = values[real][:, None] - values[~real][None, :]
    return (gap > 0).sum() + (gap == 0).sum() / 2, gap.size


def _outside(scores, options):
    if "outside" not in scores:
        return
    drawn = Draws(scores, options["repeats"], options["seed"])
    for label, part in scores.groupby("label", sort=True):
        flags = part["outside"].astype(bool)
        yield _share("outside", label, "share", part, flags, drawn, options)
