"""From manifests to a Detector."""

import json
import time
from dataclasses import asdict, replace
from functools import partial
from inspect import signature
from pathlib import Path

import numpy as np
import pandas as pd

from audio.augment import augmented
from audio.frontends import FrontEnd
from audio.presentation.write import first_names
from detect.evaluation.intervals import is_real
from detect.models.config import TrainConfig
from detect.models.registry import MODELS
from detect.training.fresh import Fresh
from detect.training.losses import suited
from detect.training.optimise import Set, computing, initialised, optimise
from detect.training.recalibrate import calibrated
from detect.training.tuning import built, folded
from detect.training.views import heard
from detect.use import domain
from detect.use.detector import Detector
from detect.use.features import of_manifest
from encoders.frontend import to_dict
from experiment.errors import UsageError, choose
from experiment.files import digest, dumps


def train(
    model: str,
    train_manifest: pd.DataFrame,
    dev_manifest: pd.DataFrame,
    config: TrainConfig | None = None,
    seed: int = 0,
    *,
    front_end: FrontEnd | None = None,
    folder: str | Path | None = None,
    resume: bool = False,
) -> Detector:
    """Train a detector, calibrate it and set its threshold.

    Parameters
    ----------
    model : str
        A key of detect.MODELS.
    train_manifest, dev_manifest : DataFrame
        Clips to learn from; clips for early stopping, calibration and threshold.
    config : TrainConfig, optional
        How to train; the model's own by default.
    seed : int
        Of initial weights, dropout and the order of the clips. The same seed and number of threads
        give the same weights on a CPU.
    front_end : FrontEnd, optional
        What the network sees; the model's own by default.
    folder : str or Path, optional
        Where to save the detector, and a checkpoint after every epoch.
    resume : bool
        Go on from what is in `folder`; a detector that is finished there is returned.

    Returns
    -------
    Detector

    Raises
    ------
    UsageError
        If the model is unknown, cannot take the front end or an option, or `folder` holds another
        training.
    DataError
        If a split lacks a class.
    """
    entry = choose(model, MODELS, "detector")
    config = config or entry.config
    front_end = front_end or entry.front_end
    _require_fitting(model, entry, front_end, config.options)
    task = {
        "seed": seed,
        "config": _listed(asdict(config)),
        "front_end": _listed(to_dict(front_end)),
        "data": digest(*(list(part["name"]) for part in (train_manifest, dev_manifest))),
    }
    folder = Path(folder) if folder is not None else None
    if folder is not None and (folder / "detector.json").exists():
        return _finished(folder, model, task, resume)
    start = time.monotonic()
    dev_set, dev_frame = development(front_end, dev_manifest, config, seed)
    train_set = _training(entry, front_end, train_manifest, config, seed)
    checkpoint = _checkpoint(folder, model, task, resume)
    title = f"{model}, seed {seed}"
    network, curves = _fit(entry, front_end, train_set, dev_set, config, seed, checkpoint, title)
    record = {
        **task,
        "curves": curves,
        "seconds": round(time.monotonic() - start, 3),
        "parameters": network.count_params(),
        "attacks": sorted(set(train_manifest["attack"]) - {""}),
        "clips": {"train": len(train_manifest), "dev": len(dev_manifest)},
    }
    known = _domain(front_end, train_set, train_manifest, dev_set, dev_frame, config, seed)
    plain = Detector(model, front_end, network, training=record, domain=known)
    detector = calibrated(plain, dev_set.features, dev_frame, config.threshold)
    if folder is not None:
        detector.save(folder)
        checkpoint.unlink(missing_ok=True)
    return detector


def _training(entry, front_end, frame, config, seed):
    """Return the training set: features of the clips, or clips that are heard anew each epoch."""
    real = is_real(frame, "training set")
    if config.fresh and entry.fit is None:
        return Fresh.of(front_end, frame, real, together=config.pairs > 0)
    if config.fresh:
        features, views = heard(front_end, frame, config, seed, range(1, config.copies + 1))
        return Set(features, is_real(views, "training set"))
    found = Set(of_manifest(front_end, frame), real)
    return replace(found, copies=_copies(front_end, frame, config, seed))


def development(front_end, frame, config: TrainConfig, seed: int) -> tuple[Set, pd.DataFrame]:
    """Return what dev is judged on: its clips as they are and, with presentations, once presented.

    Parameters
    ----------
    front_end : FrontEnd
        What the network sees.
    frame : DataFrame
        The development manifest.
    config : TrainConfig
        Names the presentations.
    seed : int
        Of the run.

    Returns
    -------
    dev : Set
        Features and labels.
    frame : DataFrame
        A row for each of them.
    """
    is_real(frame, "development set")
    features, views = heard(front_end, frame, config, seed)
    return Set(features, is_real(views, "development set")), views


def _domain(front_end, train_set, frame, dev, dev_frame, config, seed):
    if not config.present:
        known = train_set.features if isinstance(train_set, Set) else of_manifest(front_end, frame)
        return domain.fit(known, dev.features)
    real = frame[frame["label"] == "bonafide"]
    known, views = heard(front_end, real, config, seed)
    usual = dev.features[np.flatnonzero(dev.real)]
    return domain.fit(known, usual, sources=views["source"].to_numpy())


def _listed(config):
    """Return a configuration as JSON gives it back."""
    return json.loads(dumps(config))


def _require_fitting(model, entry, front_end, options):
    if not isinstance(front_end, entry.kinds):
        kinds = " or ".join(kind.__name__ for kind in entry.kinds)
        raise UsageError(
            f"{model} takes a front end of the kind {kinds}, as {to_dict(entry.front_end)['name']} "
            f"is one; {to_dict(front_end)['name']} is none"
        )
    if entry.fit is not None and getattr(front_end, "tuned", 0):
        raise UsageError(f"{model} is found in closed form and tunes no blocks: leave tuned at 0")
    first = {"shape"} if entry.fit is None else {"features", "real", "seed"}
    known = signature(entry.fit or entry.build).parameters.keys() - first
    for name in options:
        choose(name, dict.fromkeys(sorted(known)), f"option of {model}")


def _copies(front_end, frame, config, seed):
    """Return the features of the augmented copies of a manifest's clips, cached like any others."""
    choices, found = config.sound, []
    originals = dict(zip(frame["name"], first_names(frame), strict=True))
    for number in range(1, config.copies + 1) if choices else ():
        change = partial(augmented, choices=choices, seed=seed, copy=number, originals=originals)
        named = [choices, seed, number, list(originals.values())]
        found.append(of_manifest(front_end, frame, change, named))
    return tuple(found)


def _finished(folder, model, task, resume):
    detector = Detector.load(folder)
    kept = {**detector.training}
    kept["config"] = {**_listed(asdict(TrainConfig())), **kept["config"]}
    same = detector.model == model and all(kept[key] == task[key] for key in task)
    if not resume or not same:
        why = "the same training; pass resume" if same else "a detector that was trained otherwise"
        raise UsageError(f"{folder} holds {why}, or choose another folder")
    return detector


def _checkpoint(folder, model, task, resume):
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"checkpoint-{digest(model, task)}.npz"
    if not resume:
        path.unlink(missing_ok=True)
    return path


def _fit(entry, front_end, train_set, dev_set, config, seed, checkpoint, title):
    options = dict(config.options)
    if entry.fit is not None:
        features, real = _with_copies(train_set)
        return entry.fit(features, real, seed, **options), []

    def build(precision, front_end=front_end):
        with initialised(seed), computing(precision):
            return suited(built(entry.build, front_end, options), config.loss)

    network = build(config.precision)
    curves = optimise(network, train_set, dev_set, config, seed, checkpoint, title)
    lora = getattr(front_end, "lora", 0)
    if config.precision != "float32" or lora:
        plain = replace(front_end, lora=0) if lora else front_end
        network = folded(network, build("float32", plain))
    return network, curves


def _with_copies(train_set):
    """Return the features of the clips and of their copies, and which are bona fide."""
    if not train_set.copies:
        return train_set.features, train_set.real
    features = np.concatenate([train_set.features, *train_set.copies])
    return features, np.tile(train_set.real, 1 + len(train_set.copies))
