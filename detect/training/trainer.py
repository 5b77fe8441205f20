"""From manifests to a Detector."""

import time
from dataclasses import asdict, replace
from functools import partial
from inspect import signature
from pathlib import Path

import numpy as np

from audio.augment import augmented
from audio.presentation.write import first_names
from detect import MODELS
from detect.training.features import is_real, of_manifest
from detect.training.losses import suited
from detect.training.optimise import Set, computing, initialised, optimise
from detect.training.recalibrate import calibrated
from detect.use import domain
from detect.use.detector import Detector
from encoders.frontend import to_dict
from experiment.errors import UsageError, choose
from experiment.files import digest


def train(
    model, train_manifest, dev_manifest, config=None, seed=0, *,
    front_end=None, folder=None, resume=False,
):  # fmt: skip
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
        "config": asdict(config),
        "front_end": to_dict(front_end),
        "data": digest(*(list(part["name"]) for part in (train_manifest, dev_manifest))),
    }
    folder = Path(folder) if folder is not None else None
    if folder is not None and (folder / "detector.json").exists():
        return _finished(folder, model, task, resume)
    start = time.monotonic()
    sets = [
        Set(of_manifest(front_end, frame), is_real(frame, name))
        for name, frame in (("training set", train_manifest), ("development set", dev_manifest))
    ]
    sets[0] = replace(sets[0], copies=_copies(front_end, train_manifest, config, seed))
    checkpoint = _checkpoint(folder, model, task, resume)
    network, curves = _fit(entry, *sets, config, seed, checkpoint, f"{model}, seed {seed}")
    record = {
        **task,
        "curves": curves,
        "seconds": round(time.monotonic() - start, 3),
        "parameters": network.count_params(),
        "attacks": sorted(set(train_manifest["attack"]) - {""}),
        "clips": {"train": len(train_manifest), "dev": len(dev_manifest)},
    }
    known = domain.fit(*(part.features for part in sets))
    plain = Detector(model, front_end, network, training=record, domain=known)
    detector = calibrated(plain, sets[1].features, sets[1].real)
    if folder is not None:
        detector.save(folder)
        checkpoint.unlink(missing_ok=True)
    return detector


def _require_fitting(model, entry, front_end, options):
    if not isinstance(front_end, entry.kinds):
        kinds = " or ".join(kind.__name__ for kind in entry.kinds)
        raise UsageError(
            f"{model} takes a front end of the kind {kinds}, as {to_dict(entry.front_end)['name']} "
            f"is one; {to_dict(front_end)['name']} is none"
        )
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
    same = detector.model == model and all(detector.training[key] == task[key] for key in task)
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


def _fit(entry, train_set, dev_set, config, seed, checkpoint, title):
    options = dict(config.options)
    if entry.fit is not None:
        features, real = _with_copies(train_set)
        return entry.fit(features, real, seed, **options), []
    shape = train_set.features.shape[1:]

    def build(precision):
        with initialised(seed), computing(precision):
            return suited(entry.build(shape, **options), config.loss)

    network = build(config.precision)
    curves = optimise(network, train_set, dev_set, config, seed, checkpoint, title)
    if config.precision != "float32":
        trained, network = network.get_weights(), build("float32")
        network.set_weights(trained)
    return network, curves


def _with_copies(train_set):
    """Return the features of the clips and of their copies, and which are bona fide."""
    if not train_set.copies:
        return train_set.features, train_set.real
    features = np.concatenate([train_set.features, *train_set.copies])
    return features, np.tile(train_set.real, 1 + len(train_set.copies))
