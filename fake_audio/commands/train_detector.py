"""Train a detector, once per seed, and evaluate it on test: seen and unseen attacks, each apart.

Each training is a folder that fake-audio detect takes, with its learning curves as a picture; an
interrupted one goes on with the same command.

  fake-audio train-detector --data quick --dataset starter --out runs/cnn
  fake-audio train-detector --data m.parquet --augment noise,codec,specaugment --seeds 3
  fake-audio train-detector --data ~/data/LA --dataset asvspoof2019_la --model aasist
  fake-audio train-detector --data m.parquet --model vgg16 --weights imagenet
  fake-audio train-detector --recipe vocoded --data ~/recordings
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiment.options import Draws, Output
from fake_audio.options import Copied, Data, Hearing, summary

SHOWN = ("eer", "auc", "min_dcf", "cllr", "accuracy")


@dataclass(frozen=True, kw_only=True)
class Settings(Data, Copied, Hearing, Draws, Output):
    """What to train, and on what.

    Attributes
    ----------
    model : str
        One of the detectors listed above.
    out : str
        Folder of the trainings: ``<model>-<seed>`` each.
    seeds : int
        Trainings, with the seeds 0, 1, ...
    epochs, batch, learning_rate : optional
        As in detect.TrainConfig; the model's own by default.
    loss : str, optional
        cross_entropy, focal or one_class.
    balance : str
        weights, sampling or augmentation.
    augment : str
        Augmentations listed above, separated by commas.
    copies : int
        Augmented copies of each clip.
    precision : str
        float32, mixed_float16 or mixed_bfloat16.
    seconds : float, optional
        Length that clips are brought to.
    front_end : str, optional
        One of the front ends listed above; the model's own by default.
    source : str, optional
        Where the weights of an encoder are that no package ships: a folder, or hf://user/name.
    front_end_options : dict
        Settings of the front end, for example '{"block": 1}' for an encoder.
    weights : str, optional
        For mobilenet, vgg16, inceptionv3 and efficientnetb0: none, imagenet or the file of headless
        weights.
    options : dict
        Other options of the model's builder, for example '{"genotype": "cells.json"}'.
    """

    model: str = "cnn"
    out: str = "runs/detectors"
    seeds: int = 1
    epochs: int | None = None
    batch: int | None = None
    learning_rate: float | None = None
    loss: str | None = None
    balance: str = "weights"
    augment: str = ""
    copies: int = 3
    precision: str = "float32"
    seconds: float | None = None
    front_end: str | None = None
    source: str | None = None
    front_end_options: dict[str, Any] = field(default_factory=dict)
    weights: str | None = None
    options: dict[str, Any] = field(default_factory=dict)


def main(settings):
    """Train, draw the learning curves, and print the table."""
    from detect.evaluation.intervals import table
    from detect.use.scoring import score_manifest
    from experiment.errors import UsageError
    from experiment.files import dumps

    if settings.seeds < 1:
        raise UsageError(f"seeds is {settings.seeds}; give at least 1")
    frame = settings.copied(settings.frame(), Path(settings.out, "copies"))
    detectors = [_train(settings, frame, seed) for seed in range(settings.seeds)]
    held_out = frame[frame["split"] != "train"]
    rows = table(
        [score_manifest(detector, held_out) for detector in detectors], repeats=settings.repeats
    )
    if settings.json:
        print(dumps({"folders": _folders(settings), "rows": rows.to_dict("records")}))
    else:
        print(_text(settings, rows))


def _folders(settings):
    return [str(Path(settings.out, f"{settings.model}-{n}")) for n in range(settings.seeds)]


def configure(settings, entry):
    """Return the training configuration: the model's own, and what the settings change."""
    from dataclasses import replace

    names = [name for name in settings.augment.split(",") if name]
    given = {"balance": settings.balance, "precision": settings.precision}
    given |= {"augment": {name: {} for name in names}, "copies": settings.copies}
    weights = {} if settings.weights is None else {"weights": settings.weights}
    given |= settings.heard()
    given["options"] = {**entry.config.options, **settings.options, **weights}
    own = {name: getattr(settings, name) for name in ("epochs", "batch", "learning_rate", "loss")}
    return replace(entry.config, **given, **{k: v for k, v in own.items() if v is not None})


def _front_end(settings, entry):
    from audio.frontends import PUBLISHED
    from encoders.frontend import changed, named

    options = {**settings.front_end_options}
    for name in ("seconds", "source"):
        if getattr(settings, name) is not None:
            options[name] = getattr(settings, name)
    if settings.front_end is None:
        return changed(entry.front_end, **options)
    if settings.front_end not in PUBLISHED:
        options.setdefault("seconds", entry.front_end.seconds)
    return named(settings.front_end, **options)


def _train(settings, frame, seed):
    from detect import MODELS
    from detect.evaluation.plots import learning_curves
    from detect.training.framewise import train_framewise
    from detect.training.trainer import train
    from experiment.errors import choose
    from experiment.files import atomic

    entry = choose(settings.model, MODELS, "detector")
    folder = Path(_folders(settings)[seed])
    sets = [frame[frame["split"] == split] for split in ("train", "dev")]
    options = {"front_end": _front_end(settings, entry), "folder": folder}
    if settings.model == "framewise" and "segments" in frame:
        return train_framewise(*sets, configure(settings, entry), seed, **options)
    detector = train(
        settings.model, *sets, configure(settings, entry), seed, **options, resume=True
    )
    if detector.training["curves"]:
        with atomic(folder / "curves.png") as temporary:
            learning_curves(detector.training["curves"]).savefig(temporary, dpi=130)
    return detector


def _text(settings, rows):
    from experiment.tables import wide

    shown = rows[rows["metric"].isin(SHOWN)]
    where = shown["split"] + ", " + shown["group"]
    first = rows.iloc[0]
    note = (
        f"95 % intervals over speakers and {first.trainings} trainings, {first.repeats} draws, "
        f"seed {first.seed}; dev chose the epoch and the threshold"
    )
    folders = "\n".join(_folders(settings))
    return f"{wide(shown.assign(where=where), 'where', 'metric').to_string()}\n{note}\n{folders}"


def registries():
    """Return the detectors, front ends and augmentations that there are, with one line each."""
    from audio.augment import AUGMENTATIONS
    from audio.frontends import FRONTENDS, PUBLISHED
    from audio.presentation import CHAINS
    from detect import MODELS
    from encoders import ENCODERS

    return {
        "detectors": {name: summary(entry.build) for name, entry in MODELS.items()},
        "front ends": {name: summary(entry) for name, entry in FRONTENDS.items()}
        | {name: summary(entry) for name, entry in {**PUBLISHED, **ENCODERS}.items()},
        "augmentations": {name: summary(entry) for name, entry in AUGMENTATIONS.items()},
        "presentations": {name: summary(entry) for name, entry in CHAINS.items()},
    }
