"""Detectors on what they were not trained on: other data sets, and attacks left out."""

import pandas as pd

from detect.evaluation.intervals import paired_differences, table
from detect.training.trainer import train
from detect.use.scoring import score_manifest
from experiment.errors import DataError

SPLITS = ("train", "dev", "test")


def parts(frame):
    """Return train, dev and test of a manifest, tuple of DataFrame."""
    return tuple(frame[frame["split"] == split] for split in SPLITS)


def trainable(frame):
    """Whether a manifest has both classes in train and in dev."""
    return all(part["label"].nunique() == 2 for part in parts(frame)[:2])


def trainings(model, frame, config=None, seeds=(0,), folder=None, front_end=None):
    """Return a detector for each seed, trained on train and dev of a manifest.

    Parameters
    ----------
    model : str
        A key of detect.MODELS.
    frame : DataFrame
        A manifest.
    config, front_end
        As for detect.training.trainer.train.
    seeds : sequence of int
        One training each.
    folder : Path, optional
        Where they are kept, ``seed-<n>`` each; a training that is there is taken as it is.

    Returns
    -------
    list of Detector
    """
    learn, dev, _ = parts(frame)
    home = (lambda seed: None) if folder is None else (lambda seed: folder / f"seed-{seed}")
    return [
        train(
            model, learn, dev, config, seed,
            front_end=front_end, folder=home(seed), resume=folder is not None,
        )
        for seed in seeds
    ]  # fmt: skip


def matrix(model, frames, config=None, seeds=(0,), *, folder=None, repeats=500, metrics=("eer",)):
    """Train on each data set and test on each.

    Parameters
    ----------
    model : str
        A key of detect.MODELS.
    frames : mapping of str to DataFrame
        Manifests by name. One without train and dev is a column only; one without both classes in
        test is a row only.
    config : TrainConfig, optional
        How to train.
    seeds : sequence of int
        Trainings of which each number is the mean.
    folder : Path, optional
        Where the detectors are kept.
    repeats : int
        Draws of speakers.
    metrics : sequence of str
        Of detect.evaluation.intervals.METRICS.

    Returns
    -------
    DataFrame
        A row for each cell and metric: trained, tested, metric, value, low, high, bonafide, spoof,
        speakers, trainings, seed. The threshold, where one counts, is that of the row's own dev.

    Raises
    ------
    DataError
        If no data set can be trained on, or none tested on.
    """
    rows = []
    tests = {name: parts(frame)[2] for name, frame in frames.items()}
    tests = {name: part for name, part in tests.items() if part["label"].nunique() == 2}
    able = {name: frame for name, frame in frames.items() if trainable(frame)}
    if not able or not tests:
        raise DataError(
            f"{len(able)} of {len(frames)} data sets have both classes in train and dev, "
            f"{len(tests)} in test; at least one of each is needed"
        )
    for trained, frame in able.items():
        home = None if folder is None else folder / trained
        detectors = trainings(model, frame, config, seeds, home)
        for tested, part in tests.items():
            runs = [score_manifest(detector, part) for detector in detectors]
            cell = _all(table(runs, repeats=repeats), metrics)
            rows += [{"trained": trained, "tested": tested, **row} for row in cell]
    return pd.DataFrame(rows)


def by_attack(frame):
    """Return a manifest of each attack beside all bona fide clips, for `matrix`.

    Parameters
    ----------
    frame : DataFrame
        A manifest.

    Returns
    -------
    dict of str to DataFrame
        By the name of the attack, in the order of the manifest.

    Raises
    ------
    DataError
        If there are no fakes.
    """
    attacks = [attack for attack in frame["attack"].unique() if attack]
    if not attacks:
        raise DataError(f"{len(frame)} clips and no fake among them: nothing to train on")
    return {attack: frame[frame["attack"].isin(["", attack])] for attack in attacks}


def leave_one_out(model, frame, config=None, seeds=(0,), *, folder=None, repeats=500, metric="eer"):
    """Train without each attack in turn, and test on it.

    Parameters
    ----------
    model : str
        A key of detect.MODELS.
    frame : DataFrame
        A manifest; attacks that are in train, dev and test can be left out.
    config, seeds, folder, repeats
        As for `matrix`.
    metric : str
        Of detect.evaluation.intervals.METRICS.

    Returns
    -------
    DataFrame
        A row for each attack: attack, seen, seen_low, seen_high (with it in training), value, low,
        high (without it in train and dev), difference, difference_low, difference_high, bonafide,
        spoof, speakers, trainings, seed. Test clips are the same.

    Raises
    ------
    DataError
        If fewer than two attacks are in train and in test.
    """
    learn, _, test = parts(frame)
    attacks = sorted(set(learn["attack"]) & set(test["attack"]) - {""})
    if len(attacks) < 2:
        raise DataError(f"attacks in both train and test: {attacks}; at least two are needed")

    def kept(name):
        return None if folder is None else folder / name

    whole = trainings(model, frame, config, seeds, kept("all"))
    rows = []
    for attack in attacks:
        without = frame[(frame["attack"] != attack) | (frame["split"] == "test")]
        detectors = trainings(model, without, config, seeds, kept(f"without-{attack}"))
        part = test[(test["label"] == "bonafide") | (test["attack"] == attack)]
        seen, unseen = (
            [score_manifest(d, part) for d in members] for members in (whole, detectors)
        )
        rows.append({"attack": attack, **_compared(seen, unseen, metric, repeats)})
    return pd.DataFrame(rows)


def _compared(seen, unseen, metric, repeats):
    (before,) = _all(table(seen, repeats=repeats), [metric])
    (after,) = _all(table(unseen, repeats=repeats), [metric])
    pairs = list(zip(seen, unseen, strict=True))
    change = paired_differences(pairs, [metric], repeats=repeats)[metric]
    return {
        "seen": before["value"],
        "seen_low": before["low"],
        "seen_high": before["high"],
        **after,
        "difference": change.value,
        "difference_low": change.low,
        "difference_high": change.high,
    }


def _all(rows, metrics):
    """Return the rows about all clips, as dicts without what is the same in all."""
    chosen = rows[(rows["kind"] == "all") & rows["metric"].isin(metrics)]
    return chosen.drop(columns=["split", "kind", "group", "repeats"]).to_dict("records")
