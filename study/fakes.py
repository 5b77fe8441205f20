"""Fakes of our own: a generator, trained here or shipped with the toolkit, and clips from it."""

import time

import pandas as pd

from audio.clip import RATE, make_clip, write_wav
from audio.manifest import row, save
from experiment.seeds import derive, rng
from study.corpus import source
from study.generators import called, copies, ready

SECONDS = 100.0
VOCODER = {"batch": 8, "warm_up": 400}  # for minutes of training, where the papers have days


def prepare(config, run):
    """Check a generator that is ready, or train one on the bona fide training clips.

    A training goes on where it stopped.

    Parameters
    ----------
    config : StudyConfig
        Names generator, width and budget.
    run : Run
        Has the corpus; gets the folder ``generator``.

    Returns
    -------
    dict
        Steps, seconds and what the training says of itself; of a shipped generator its steps and
        digest.
    """
    from gan.generation import load, shipped

    if config.generator in shipped():
        model = load(config.generator)
        return {**_facts(model.config), "steps": model.note["step"], "digest": model.digest}
    if config.generator in ready():
        return {"shipped": True, "steps": 0, "digest": "", "dim": None, "batch": None}
    return _train(config, run)


def _facts(settings, shipped=True):
    return {"shipped": shipped, "dim": settings.dim, "batch": settings.batch}


def _train(config, run):
    from gan.config import GanConfig
    from gan.training import train as train_generator

    real = source(run)
    real = real[(real["split"] == "train") & (real["label"] == "bonafide")]
    options = VOCODER if copies(config.generator) else {}
    options = {**options, **({"batch": config.gan_batch} if config.gan_batch else {})}
    settings = GanConfig(
        model=config.generator,
        dim=config.gan_dim,
        tensorboard=False,
        check_every=50,
        seed=derive(config.seed, "generator"),
        **options,
    )
    seconds = config.gan_seconds or SECONDS
    budget = {"steps": config.gan_steps} if config.gan_steps else {"seconds": seconds}
    start = time.monotonic()
    outcome = train_generator(settings, real, run.path("generator"), resume=True, **budget)
    return {
        **_facts(settings, shipped=False),
        "steps": outcome.step,
        "reason": outcome.reason,
        "findings": list(outcome.findings),
        "seconds": time.monotonic() - start,
    }


def generate(config, run):
    """Write the generator's clips for train and test, and the second one's for test alone.

    A vocoder copies real speech of the split, drawn by the seed: a clip of each original. What
    makes clips up knows no speaker: each is its own.

    Parameters
    ----------
    config : StudyConfig
        Which generators, and how many clips.
    run : Run
        Has corpus and generator; gets ``fakes/`` with clips and manifest.

    Returns
    -------
    str
        Path of the manifest. Its bona fide rows are the originals as they are to be heard beside
        their copies.
    """
    wanted = {"train": (config.generator,), "test": (config.generator, config.second)}
    counts = {"train": config.fakes, "test": config.test_fakes}
    parts = []
    for split, names in wanted.items():
        vocoders = [name for name in names if copies(name)]
        if vocoders:
            parts.append(_copied(config, run, split, vocoders, counts[split]))
        for name in (name for name in names if not copies(name)):
            parts.append(_made_up(config, run, split, name, counts[split]))
    path = run.path("fakes", "manifest.parquet")
    found = pd.concat(parts, ignore_index=True)
    texts = found.select_dtypes(["object", "string"]).columns
    save(found.assign(**{name: found[name].astype(object).fillna("") for name in texts}), path)
    return str(path)


def joined(frame, made):
    """Return the corpus with the fakes, and with the originals of copies as they were written.

    Parameters
    ----------
    frame, made : DataFrame
        Manifests of the corpus and of `generate`.

    Returns
    -------
    DataFrame
        A manifest; what does not apply is empty.
    """
    fakes, originals = (made[made["label"] == label] for label in ("spoof", "bonafide"))
    paths = originals.set_index("name")["path"]
    paths = frame["name"].map(paths).astype(object).fillna(frame["path"])
    whole = pd.concat([frame.assign(path=paths), fakes], ignore_index=True)
    empty = {
        name: whole[name].astype(object).fillna("") for name in ("text", "copy_of") if name in whole
    }
    return whole.assign(**empty)


def _place(config, run, name):
    return name if name in ready() else str(run.path("generator"))


def _copied(config, run, split, names, n):
    """Return the manifest of copies of some real clips of a split, and of these."""
    from gan.copying import attack
    from gan.vocoding import Plan, vocode

    real = source(run)
    real = real[(real["split"] == split) & (real["label"] == "bonafide")]
    chosen = real.iloc[rng(config.seed, "copied", split).permutation(len(real))[:n]].sort_index()
    places = tuple(_place(config, run, name) for name in names)
    plan = Plan(places, seed=config.seed)
    found = vocode(chosen, plan, run.path("fakes", split), resume=True)
    found.attrs = {}
    told = dict(zip(map(attack, places), map(called, names), strict=True))
    copied = found["label"] == "spoof"
    named = found["copy_of"] + "-" + found["attack"].map(told)
    return found.assign(
        attack=found["attack"].replace(told),
        name=named.where(copied, found["name"]),
        source=found["source"].where(~copied, "gan"),
    )


def _made_up(config, run, split, name, n):
    from gan.generation import load

    model = load(_place(config, run, name))
    batch = model.generate(n, derive(config.seed, "fakes", split))
    rows = [_write(config, run, name, model, split, k, x) for k, x in enumerate(batch)]
    return pd.DataFrame(rows)


def _write(config, run, generator, model, split, index, samples):
    name = f"{generator}-{split}-{index:04d}"
    clip = make_clip(samples, RATE, name=name)
    path = run.path("fakes", f"{name}.wav")
    write_wav(path, clip.samples)
    return row(
        clip,
        path,
        label="spoof",
        attack=generator,
        speaker=f"{generator}:{model.digest[:8]}-{split}-{index:04d}",
        source="gan",
        split=split,
    )
