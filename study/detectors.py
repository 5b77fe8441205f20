"""Detectors, each trained twice over: on the corpus alone, and with the generated fakes added."""

import pandas as pd

from experiment.files import atomic
from experiment.progress import meter

CONDITIONS = {"corpus": "corpus alone", "augmented": "with generated fakes"}
SECONDS = 1.0


def trainings(config):
    """Return (model, condition, seed) of every training, in order."""
    return [
        (model, condition, seed)
        for model in config.detectors
        for seed in range(config.seeds)
        for condition in CONDITIONS
    ]


def folder_of(run, model, condition, seed):
    """Return where a trained detector lies."""
    return run.path("detectors", f"{model}-{condition}-{seed}")


def _score_file(run, model, condition, seed):
    return run.path("scores", f"{model}-{condition}-{seed}.tsv")


def train_all(config, frame, run):
    """Train every detector and score dev and test with it; go on where it stopped.

    Both conditions share the dev clips, so that nothing but the training clips differs. Every clip
    is cut to one second, which all of them have: duration says nothing.

    Parameters
    ----------
    config : StudyConfig
        Names detectors, epochs and seeds.
    frame : DataFrame
        Corpus and generated clips.
    run : Run
        Gets ``detectors/``, ``scores.tsv``, and ``scores/`` with one file a training as the
        official ASVspoof 5 scorer reads it.

    Returns
    -------
    list of dict
        One per training: model, condition, seed, seconds, epochs, parameters, dev EER.
    """
    from detect.evaluation.score_files import write_scores

    todo = trainings(config)
    facts, scores = [], []
    with meter("detectors", len(todo)) as advance:
        for model, condition, seed in todo:
            detector = _train(config, frame, run, model, condition, seed)
            scores.append(_scores(detector, frame, model, condition, seed))
            write_scores(_score_file(run, model, condition, seed), scores[-1], "asvspoof5")
            facts.append(_facts(detector, model, condition, seed))
            advance(note=f"{model}, {CONDITIONS[condition]}, seed {seed}")
    with atomic(run.path("scores.tsv")) as temporary:
        pd.concat(scores).to_csv(temporary, sep="\t", index=False)
    return facts


def _train(config, frame, run, model, condition, seed):
    from dataclasses import replace

    from detect import MODELS
    from detect.training.trainer import train
    from experiment.errors import choose

    entry = choose(model, MODELS, "detector")
    keep = frame["source"] != "gan" if condition == "corpus" else pd.Series(True, frame.index)
    return train(
        model,
        frame[keep & (frame["split"] == "train")],
        frame[(frame["source"] != "gan") & (frame["split"] == "dev")],
        replace(entry.config, epochs=config.epochs),
        seed=seed,
        front_end=replace(entry.front_end, seconds=SECONDS),
        folder=folder_of(run, model, condition, seed),
        resume=True,
    )


def _scores(detector, frame, model, condition, seed):
    from detect.use.features import of_manifest

    held_out = frame[frame["split"] != "train"].reset_index(drop=True)
    logits = detector.logits(of_manifest(detector.front_end, held_out))
    return pd.DataFrame(
        {
            "model": model,
            "condition": condition,
            "seed": seed,
            "name": held_out["name"],
            "score": detector.calibration(logits),
            "threshold": detector.threshold,
        }
    )


def _facts(detector, model, condition, seed):
    return {
        "model": model,
        "condition": condition,
        "seed": seed,
        "seconds": detector.training["seconds"],
        "epochs": len(detector.training["curves"]),
        "parameters": detector.training["parameters"],
        "dev_eer": detector.training["dev"]["eer"],
        "digest": detector.digest,
    }
