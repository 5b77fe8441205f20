"""The order of an experiment: every stage is kept when it is done, and skipped when it is there."""

import dataclasses
import time

from audio.manifest import load, save
from experiment.progress import clock, say
from experiment.run import Run
from study import corpus, detectors, distances, evaluation, explanations, fakes, report, shortcuts

# Seconds that the stages of the recipe `quick` took on two cores, corpus to be fetched.
REFERENCE_SECONDS = {
    "corpus": 115,
    "generator": 4,
    "fakes": 3,
    "shortcuts": 50,
    "distances": 10,
    "detectors": 310,
    "evaluation": 4,
    "explanations": 23,
    "report": 8,
}


def conduct(config):
    """Run the experiment, or what is left of it, and return the path of its report.

    Parameters
    ----------
    config : StudyConfig
        What to do.

    Returns
    -------
    Path
        ``report.html`` in the run folder.

    Raises
    ------
    UsageError
        If the run folder is taken.
    DataError
        If the data cannot carry the experiment.
    """
    settings = dataclasses.asdict(config)
    asked = {k: v for k, v in settings.items() if k not in ("resume", "force", "out", "workers")}
    with Run.open(config.out, asked, resume=config.resume, force=config.force) as run:
        stage = _stages(run)
        stage("corpus", "the clips", lambda: corpus.prepare(config, run))
        frame = load(run.path("corpus.parquet"))
        stage("generator", "the generator", lambda: fakes.prepare(config, run))
        stage("fakes", "generating fakes", lambda: fakes.generate(config, run))
        frame = _with_fakes(frame, run)
        stage("shortcuts", "auditing shortcuts", lambda: shortcuts.audit(config, frame))
        stage("distances", "Frechet Audio Distance", lambda: distances.measure(config, frame))
        stage("detectors", "training detectors", lambda: detectors.train_all(config, frame, run))
        stage("evaluation", "evaluating", lambda: evaluation.evaluate(config, frame, run))
        stage("explanations", "explaining", lambda: explanations.explain(config, frame, run))
        stage("report", "writing the report", lambda: report.write(config, frame, run))
        run.finish()
        return run.path("report.html")


def _with_fakes(frame, run):
    whole = fakes.joined(frame, load(run.path("fakes", "manifest.parquet")))
    path = run.path("manifest.parquet")
    if not path.exists():
        save(whole, path)
    return whole


def _stages(run):
    """Return ``stage(name, title, function)``, which says how far the run is and what is left."""
    names, spent, expected = list(REFERENCE_SECONDS), {}, dict(REFERENCE_SECONDS)

    def stage(name, title, function):
        label = f"[{names.index(name) + 1}/{len(names)}] {title}"
        finished = run.path("stages", f"{name}.json").exists()
        say(f"{label}: done before" if finished else label + _left(spent, expected))
        start = time.monotonic()
        run.once(name, function)
        del expected[name]
        if not finished:
            spent[name] = time.monotonic() - start

    return stage


def _left(spent, expected):
    """Return the time left, from the reference machine's and how this one compares so far."""
    timed = spent.keys() - {"corpus", "generator"}
    pace = sum(spent[name] for name in timed) / (
        sum(REFERENCE_SECONDS[name] for name in timed) or 1
    )
    return f" (about {clock((pace or 1) * sum(expected.values()))} left)"
