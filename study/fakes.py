"""Fakes of our own: a generator, trained here or shipped with the toolkit, and clips from it."""

import time

import numpy as np
import pandas as pd

from audio.clip import RATE, make_clip, write_wav
from audio.datasets.starter.channel import finish
from audio.manifest import row, save
from experiment.seeds import derive, rng


def prepare(config, frame, run):
    """Check the shipped generator, or train one on the bona fide training clips.

    A training goes on where it stopped.

    Parameters
    ----------
    config : StudyConfig
        Names generator, width and budget.
    frame : DataFrame
        The corpus.
    run : Run
        Gets the folder ``generator``.

    Returns
    -------
    dict
        Steps, seconds and what the training says of itself; of a shipped generator its steps and
        digest.
    """
    from gan.generation import load, shipped

    if config.generator in shipped():
        generator = load(config.generator)
        return {
            "shipped": True,
            "steps": generator.note["step"],
            "digest": generator.digest,
            "dim": generator.config.dim,
            "batch": generator.config.batch,
        }
    return _train(config, frame, run)


def _train(config, frame, run):
    from gan.config import GanConfig
    from gan.training import train as train_generator

    real = frame[(frame["split"] == "train") & (frame["label"] == "bonafide")]
    settings = GanConfig(
        model=config.generator,
        dim=config.gan_dim,
        batch=config.gan_batch,
        tensorboard=False,
        check_every=50,
        seed=derive(config.seed, "generator"),
    )
    budget = {"steps": config.gan_steps} if config.gan_steps else {"seconds": config.gan_seconds}
    start = time.monotonic()
    outcome = train_generator(settings, real, run.path("generator"), resume=True, **budget)
    return {
        "shipped": False,
        "steps": outcome.step,
        "dim": config.gan_dim,
        "batch": config.gan_batch,
        "reason": outcome.reason,
        "findings": list(outcome.findings),
        "seconds": time.monotonic() - start,
    }


def generate(config, run):
    """Write generated clips for train and test and return their manifest.

    The clips go through the channel of the corpus as every other fake does. A generated clip has
    no speaker: each is its own.

    Parameters
    ----------
    config : StudyConfig
        How many.
    run : Run
        Has the generator; gets ``fakes/`` with clips and manifest.

    Returns
    -------
    str
        Path of the manifest.
    """
    from gan.generation import load, shipped

    model = load(config.generator if config.generator in shipped() else run.path("generator"))
    rows = []
    for split, n in (("train", config.fakes), ("test", config.test_fakes)):
        batch = model.generate(n, derive(config.seed, "fakes", split))
        rows += [_write(config, run, model, split, k, x) for k, x in enumerate(batch)]
    path = run.path("fakes", "manifest.parquet")
    save(pd.DataFrame(rows), path)
    return str(path)


def _write(config, run, model, split, index, samples):
    name = f"{config.generator}-{split}-{index:04d}"
    if not config.data:
        samples = finish(np.asarray(samples, float), rng(config.seed, name)) / 32768
    clip = make_clip(samples, RATE)
    path = run.path("fakes", f"{name}.wav")
    write_wav(path, clip.samples)
    return row(
        clip,
        path,
        label="spoof",
        attack=config.generator,
        speaker=f"{config.generator}:{model.digest[:8]}-{split}-{index:04d}",
        source="gan",
        split=split,
    )
