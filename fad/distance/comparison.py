"""Several sets against one reference, as one record that JSON, a table and a figure are made of."""

from dataclasses import asdict

import numpy as np

from experiment.errors import DataError, UsageError, choose
from fad.distance import measures
from fad.distance.memorisation import memorisation
from fad.distance.outliers import per_clip
from fad.distance.ranking import ranking
from fad.distance.scoring import score, side
from fad.embeddings.types import Embeddings


def compare(reference, evaluated, metrics=("fad",), seed=0, repeats=1000, clips=0):
    """Compare sets with a reference.

    Parameters
    ----------
    reference : Embeddings or fad.distance.reference.Reference
        The common yardstick; saved statistics serve for FAD alone.
    evaluated : dict of str to Embeddings
        Sets by name.
    metrics : sequence of str
        Keys of `fad.distance.measures.METRICS`.
    seed : int
        Seed of all intervals.
    repeats : int
        Draws behind each.
    clips : int
        How many of the farthest clips of each set to list.

    Returns
    -------
    dict
        ``identity``, ``reference``, ``ranking`` (nearest first), ``sets``, ``warnings``, ``seed``,
        ``repeats``, ``level``.

    Raises
    ------
    DataError
        If a set is not comparable or too small.
    UsageError
        If a metric is unknown or needs more than saved statistics.
    """
    functions = [choose(name, measures.METRICS, "metric") for name in metrics]
    if set(metrics) != {"fad"} and not isinstance(reference, Embeddings):
        raise UsageError("saved statistics serve for --metrics fad; give the audio for the others")
    scores = {name: score(reference, one, seed, repeats) for name, one in evaluated.items()}
    found = {
        name: {
            **asdict(scores[name].evaluated),
            "metrics": _measured(functions, reference, one, scores[name], seed, repeats),
            "farthest": per_clip(reference, one)[:clips] if clips else [],
        }
        for name, one in evaluated.items()
    }
    return {
        "identity": reference.identity,
        "reference": asdict(side(reference)),
        "ranking": ranking(scores),
        "sets": found,
        "warnings": _warnings(scores, found),
        "seed": seed,
        "repeats": repeats,
        "level": next(iter(scores.values())).interval.level,
    }


def _measured(functions, reference, evaluated, fad, seed, repeats):
    rows = []
    for function in functions:
        if function is measures.frechet:
            rows.append(measures.row("fad", fad.interval))
        else:
            rows += function(reference, evaluated, seed, repeats)
    return rows


def _warnings(scores, found):
    texts = dict.fromkeys(w for s in scores.values() for w in s.warnings if w[:9] == "reference")
    for name, one in scores.items():
        own = [text for text in one.warnings if text[:9] == "evaluated"]
        texts.update(dict.fromkeys(text.replace("evaluated", name, 1) for text in own))
        more = [w for row in found[name]["metrics"] for w in row.get("warnings", ())]
        texts.update(dict.fromkeys(f"{name}: {text}" for text in more))
    sizes = {one.evaluated.windows for one in scores.values()}
    if max(sizes) > 1.1 * min(sizes):
        texts["sets of different size: FAD falls with size, rank by infinity or kad"] = None
    return list(texts)


def by_group(reference, evaluated, groups, seed=0, repeats=1000):
    """Return the ranking of the groups of one set, each against the whole reference.

    Parameters
    ----------
    reference : Embeddings or fad.distance.reference.Reference
        The common yardstick.
    evaluated : Embeddings
        One set.
    groups : dict of str to str
        Group (an attack, a class, a speaker) of each clip.
    seed, repeats : int
        Of the intervals.

    Returns
    -------
    list of dict
        As `fad.distance.ranking.ranking` returns; groups of fewer than two windows are left out.
    """
    labels = np.array([groups[clip] for clip in evaluated.clips])
    scores = {}
    for name in np.unique(labels):
        if (labels == name).sum() > 1:
            part = evaluated.select(labels == name)
            scores[str(name)] = score(reference, part, seed, repeats)
    if not scores:
        raise DataError("no group has two windows")
    return ranking(scores)


def memorised(training, held_out, evaluated, seed=0, repeats=1000, listed=5):
    """Return what `fad.distance.memorisation.memorisation` finds as a row with the nearest pairs.

    Parameters
    ----------
    training, held_out, evaluated : Embeddings
        Of one embedding.
    seed, repeats : int
        Of the interval.
    listed : int
        How many of the nearest pairs to keep.

    Returns
    -------
    dict
        One row.
    """
    found = memorisation(training, held_out, evaluated, seed, repeats)
    return {
        **measures.row("nearer than 95 % of held-out", found.interval, p=found.p),
        "embedding": training.name,
        "median_held_out": found.held_out,
        "median_evaluated": found.evaluated,
        "pairs": found.pairs[:listed],
    }
