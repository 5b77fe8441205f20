"""Every detector on the starter corpus under one protocol: trained, scored, and put on one page.

Each training is kept when it is done, so an interrupted run goes on where it was, and the page can
be written at any time from what there is. Times are processor seconds of all threads, which other
work on the machine disturbs less than the clock.
"""

import dataclasses
import time

import numpy as np
import pandas as pd

from audio.datasets import DATASETS
from experiment.errors import UsageError
from experiment.files import digest, write_text
from experiment.progress import say
from experiment.run import Run
from experiment.tables import number
from study.records import records, table

GROUPS = ("seen", "unseen")
TIMED = 20  # clips scored one by one for the real-time factor


def conduct(config):
    """Train, score and write the page.

    Parameters
    ----------
    config : ResultsConfig
        What to do.

    Returns
    -------
    Path or str
        The page.

    Raises
    ------
    UsageError
        If a model is unknown, or another run is in the folder.
    """
    from detect import MODELS

    unknown = sorted(set(config.models) - set(MODELS))
    if unknown:
        raise UsageError(f"unknown detector {unknown[0]!r}; choose from: {', '.join(MODELS)}")
    frame = DATASETS["starter"](config.corpus).reset_index(drop=True)
    asked = {
        "corpus": config.corpus,
        "repeats": config.repeats,
        "clips": digest(list(frame["name"])),
    }
    with Run.open(config.out, asked, resume=True) as run:
        for name, plan in config.models.items():
            if not config.only_page:
                _all_seeds(name, plan, config, frame, run)
            _write_page(config, frame, run)
    return config.page


def _stage(name, plan, seed=None):
    """Return the stage of one training, which more seeds leave as it is, or of the whole plan."""
    how = dataclasses.asdict(plan)
    if seed is not None:
        del how["seeds"]
    return f"{name}-{digest(how)[:6]}-{'table' if seed is None else seed}"


def _all_seeds(name, plan, config, frame, run):
    for seed in range(plan.seeds):
        say(f"{name}, seed {seed}")
        stage = _stage(name, plan, seed)
        run.once(stage, lambda seed=seed, stage=stage: _train(name, plan, seed, frame, run, stage))
    run.once(_stage(name, plan), lambda: _table(name, plan, config, run))


def _train(name, plan, seed, frame, run, stage):
    """Train and score one detector; return what the page says about it."""
    import keras

    from detect import MODELS
    from detect.training.trainer import train
    from detect.use.scoring import score_manifest

    keras.backend.clear_session()
    entry = MODELS[name]
    front_end = entry.front_end
    if plan.seconds:
        front_end = dataclasses.replace(front_end, seconds=plan.seconds)
    parts = {split: frame[frame["split"] == split] for split in ("train", "dev", "test")}
    if plan.clips:
        parts["train"] = thinned(parts["train"], plan.clips)
    config = dataclasses.replace(entry.config, epochs=plan.epochs)
    began = time.process_time()
    found = train(name, parts["train"], parts["dev"], config, seed, front_end=front_end)
    spent = time.process_time() - began
    scores = pd.concat([score_manifest(found, parts[split]) for split in ("dev", "test")])
    path = run.path("scores", f"{stage}.parquet")
    scores.to_parquet(path, index=False)
    return {
        "parameters": found.training["parameters"],
        "epochs": len(found.training["curves"]),
        "clips": len(parts["train"]),
        "train_seconds": spent,
        "real_time_factor": _pace(found, parts["test"]),
        "dev_eer": found.training["dev"]["eer"],
        "digest": found.digest,
    }


def thinned(frame, count):
    """Return about `count` clips, each class and attack with its share, speakers spread evenly."""
    share = min(count / len(frame), 1.0)
    kept = [
        group.iloc[np.linspace(0, len(group) - 1, max(round(share * len(group)), 2)).astype(int)]
        for _, group in frame.sort_values(["speaker", "name"]).groupby(["label", "attack"])
    ]
    return pd.concat(kept).sort_index().drop_duplicates("name")


def _pace(detector, frame):
    """Return processor seconds per second of sound, one clip at a time, the median."""
    from audio.manifest import clips

    sounds = list(clips(frame.iloc[:TIMED], detector.rate))
    detector.score(sounds[:1])
    spent = []
    for clip in sounds:
        began = time.process_time()
        detector.score([clip])
        spent.append((time.process_time() - began) / detector.front_end.seconds)
    return float(np.median(spent))


def _table(name, plan, config, run):
    from detect.evaluation.intervals import table as metrics

    paths = [run.path("scores", f"{_stage(name, plan, k)}.parquet") for k in range(plan.seeds)]
    found = metrics([pd.read_parquet(path) for path in paths], repeats=config.repeats)
    return records(found[found["metric"].isin(["eer", "auc", "cllr", "min_dcf"])])


# ------------------------------------------------------------------ the page


def _write_page(config, frame, run):
    finished = [name for name, plan in config.models.items() if _finished(run, name, plan)]
    about = {name: _about(run, name, config.models[name]) for name in finished}
    metrics = {name: _metrics(run, name, config.models[name]) for name in finished}
    ranked = sorted(finished, key=lambda name: -_cell(metrics[name], "auc", "unseen").value)
    counts = frame.groupby(["split", "label"]).size()
    speakers = frame[frame["label"] == "bonafide"].groupby("split")["speaker"].nunique()
    parts = [
        HEAD.format(
            corpus=config.corpus,
            train=counts["train"].sum(),
            dev=counts["dev"].sum(),
            real=counts["test", "bonafide"],
            spoof=counts["test", "spoof"],
            train_speakers=speakers["train"],
            speakers=speakers["test"],
            repeats=config.repeats,
        ),
        _main_table(ranked, about, metrics),
        _cost_table(ranked, about, config),
        _attack_table(ranked, metrics, frame),
        _missing(config, finished),
        TAIL,
    ]
    write_text(config.page, "\n".join(part for part in parts if part))


def _finished(run, name, plan):
    return run.path("stages", f"{_stage(name, plan)}.json").exists()


def _about(run, name, plan):
    """Return what was noted of each training, DataFrame."""
    return pd.DataFrame([run.result(_stage(name, plan, k)) for k in range(plan.seeds)])


def _metrics(run, name, plan):
    found = table(run.result(_stage(name, plan)))
    return found[found["split"] == "test"].set_index(["metric", "group"])


def _cell(metrics, metric, group):
    return metrics.loc[(metric, group)]


def _shown(metrics, metric, group, digits=2, scale=1):
    if (metric, group) not in metrics.index:
        return "–"
    cell = _cell(metrics, metric, group)
    return number(*(scale * cell[k] for k in ("value", "low", "high")), digits=digits)


def _rows(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def _main_table(ranked, about, metrics):
    header = ["model", "trainings", "dev EER %"]
    header += [f"{what}, {group}" for group in GROUPS for what in ("AUC", "EER %")]
    rows = [
        [
            f"`{name}`",
            len(about[name]),
            f"{100 * about[name]['dev_eer'].mean():.1f}",
            *(
                _shown(metrics[name], what, group, digits, scale)
                for group in GROUPS
                for what, digits, scale in (("auc", 2, 1), ("eer", 0, 100))
            ),
        ]
        for name in ranked
    ]
    return _rows([*header, "Cllr, all"], [
        [*row, _shown(metrics[name], "cllr", "all")] for name, row in zip(ranked, rows, strict=True)
    ])  # fmt: skip


def _cost_table(ranked, about, config):
    rows = []
    for name in ranked:
        mean, plan = about[name].mean(numeric_only=True), config.models[name]
        length = f"{plan.seconds:g} s" if plan.seconds else "own"
        rows.append(
            [
                f"`{name}`",
                f"{mean['parameters']:,.0f}",
                f"{mean['clips']:.0f}",
                f"{mean['epochs']:.0f}" if mean["epochs"] else "closed form",
                length,
                f"{mean['train_seconds']:.0f}",
                f"{mean['real_time_factor']:.4f}",
            ]
        )
    header = ["model", "parameters", "training clips", "epochs", "clip length"]
    return COST + _rows([*header, "training, CPU s", "real-time factor"], rows)


def _attack_table(ranked, metrics, frame):
    test = frame[(frame["split"] == "test") & (frame["label"] == "spoof")]
    seen = set(frame.loc[frame["split"] == "train", "attack"])
    attacks = sorted(set(test["attack"]), key=lambda attack: (attack not in seen, attack))
    names = [f"`{attack}`{'' if attack in seen else ' (unseen)'}" for attack in attacks]
    rows = [[f"`{name}`", *(_shown(metrics[name], "auc", a) for a in attacks)] for name in ranked]
    return ATTACKS + _rows(["model", *names], rows)


def _missing(config, finished):
    left = [name for name in config.models if name not in finished]
    if not left:
        return ""
    names = ", ".join(f"`{name}`" for name in left)
    return f"\nNot run here: {names}. The same command goes on with them.\n"


HEAD = """# Every detector on the starter corpus

Written by `fake-audio results`; do not edit it by hand.

All models learn from the same {train} clips ({train_speakers} real speakers) of the starter corpus
`{corpus}`, stop, calibrate and set their threshold on the same {dev} development clips, and are
judged on the same {real} real clips of {speakers} other speakers and {spoof} fakes. *Seen* are the
attacks that training has too; *unseen* are the others: three ways of copying in signal processing,
another GAN vocoder and all speech engines. Intervals are 95 % by speaker ({repeats} draws, seed 0;
trainings are drawn too where there are several); an AUC of 0.5 is chance. Sorted by AUC on unseen
attacks. Models whose intervals overlap cannot be
distinguished by this page, and fifteen speakers make wide intervals.
"""

COST = """
## What it cost

Processor seconds of all threads, on the machine that the run's environment.json names. The
real-time factor is processor seconds for one second of sound, one clip at a time, front end
included: 0.01 is a hundred times faster than the sound on one core. Fewer training clips than
above, few epochs and a clip length other than the model's own are cuts to what this machine can do
in a few minutes a model: a model with such a cut is shown to run, not judged.

"""

ATTACKS = """
## Attack by attack: AUC

"""

TAIL = """
## How to read it

- Training knows copies by `vocos` and `codec` alone. Copies have the words, timing, level and
  speaker of a real clip: only the vocoder gives them away. Speech engines also speak with voices of
  their own, so trivial features tell them from real speech as well (docs/starter_corpus.md); a good
  figure there proves little.
- An AUC below 0.5 on WORLD or LPC is no fault of the page: what finds networks takes these copies
  for more real than the recordings (docs/ablation.md, docs/starter_corpus.md).
- The image networks (MobileNet, VGG16, Inception, EfficientNet, the residual nets) start from
  random weights here and need far more clips; so do RawNet2 and AASIST.
- The corpus is no benchmark. Use this page to see whether an installation works as ours does.
"""
