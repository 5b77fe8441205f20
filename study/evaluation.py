"""Every detector on dev and test, seen and unseen attacks apart, and the difference fakes make."""

from functools import partial

import pandas as pd

from study.corpus import seen_attacks
from study.detectors import CONDITIONS
from study.generators import called
from study.records import records
from study.within import parts, within

COLUMNS = ["name", "label", "attack", "speaker", "split", "source", "text"]
DIFFERENCES = ("eer", "auc", "min_dcf", "cllr")


def scored(frame, run):
    """Return one row per clip and training: what the clip is, and what the detector said.

    Parameters
    ----------
    frame : DataFrame
        Corpus and generated clips.
    run : Run
        Has scores.tsv.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`, model, condition, seed, score, threshold, seen (whether the corpus
        has the attack in training).
    """
    scores = pd.read_csv(
        run.path("scores.tsv"), sep="\t", dtype={"name": str}, keep_default_na=False
    )
    corpus = frame[frame["source"] != "gan"]
    joined = scores.merge(frame[COLUMNS], on="name", validate="many_to_one")
    return joined.assign(seen=joined["attack"].isin(seen_attacks(corpus)))


def trainings(scores, model, condition):
    """Return the scores of each training of a model under a condition, in the order of seeds."""
    chosen = scores[(scores["model"] == model) & (scores["condition"] == condition)]
    return [part.reset_index(drop=True) for _, part in chosen.groupby("seed")]


def evaluate(config, frame, run):
    """Return all tables of the experiment.

    The clips of each generator are an attack of their own; "all", "seen" and "unseen" are the
    corpus's attacks, the same clips under both conditions.

    Parameters
    ----------
    config : StudyConfig
        Names detectors and draws.
    frame : DataFrame
        Corpus and generated clips.
    run : Run
        Has scores.tsv; gets metrics.csv.

    Returns
    -------
    dict of list of dict
        ``metrics``: one row a number, with interval, those of the generated clips of the kind
        ``generated``; ``differences``: augmented minus corpus; ``world``: from
        `study.within.within`, on the corpus's own clips; ``parts``: from `study.within.parts`.
        ``generator`` and ``second``, str: whose clips are which.
    """
    scores = scored(frame, run)
    metrics = [
        _table(config, trainings(scores, model, condition)).assign(model=model, condition=condition)
        for model in config.detectors
        for condition in CONDITIONS
    ]
    differences = [row for model in config.detectors for row in _differences(config, scores, model)]
    own = scores[scores["source"] != "gan"]
    first = {
        (model, condition): trainings(own, model, condition)[0]
        for model in config.detectors
        for condition in CONDITIONS
    }
    metrics = pd.concat(metrics, ignore_index=True)
    run.metrics(records(metrics))
    return {
        "metrics": records(metrics),
        "differences": differences,
        "world": within(config, first),
        "parts": parts(frame),
        "generator": called(config.generator),
        "second": called(config.second),
    }


def _table(config, runs):
    from detect.evaluation.intervals import table

    settings = {"repeats": config.repeats, "seed": config.seed}
    corpus = table([run[run["source"] != "gan"] for run in runs], **settings)
    fakes = table([_against_generated(run) for run in runs], **settings)
    fakes = fakes[fakes["kind"] == "attack"].assign(kind="generated")
    return pd.concat([corpus, fakes], ignore_index=True)


def _against_generated(scores):
    chosen = (scores["source"] == "gan") | (scores["label"] == "bonafide")
    return scores[chosen & (scores["split"] == "test")]


def _differences(config, scores, model):
    from detect.evaluation.intervals import paired_differences

    test = scores[scores["split"] == "test"]
    pairs = zip(*(trainings(test, model, condition) for condition in CONDITIONS), strict=True)
    pairs = list(pairs)
    for group, keep in _groups(config).items():
        chosen = [tuple(_part(side, keep) for side in pair) for pair in pairs]
        if chosen[0][0]["label"].nunique() < 2:
            continue
        settings = {"repeats": config.repeats, "seed": config.seed}
        for metric, found in paired_differences(chosen, DIFFERENCES, **settings).items():
            yield {"model": model, "group": group, "metric": metric, **found.to_dict()}


def _part(scores, keep):
    return scores[(scores["label"] == "bonafide") | keep(scores)]


def _groups(config):
    corpus = {
        "all attacks of the corpus": lambda s: s["source"] != "gan",
        "attacks seen in training": lambda s: s["seen"] & (s["source"] != "gan"),
        "attacks unseen in training": lambda s: ~s["seen"] & (s["source"] != "gan"),
    }
    sides = {"generated clips": config.generator, "clips of another generator": config.second}
    return corpus | {group: partial(_of, called(name)) for group, name in sides.items()}


def _of(name, scores):
    return (scores["source"] == "gan") & (scores["attack"] == name)
