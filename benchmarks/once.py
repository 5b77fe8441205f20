"""What is saved by doing work once: each piece as it is done, and repeated as it would be without.

| work | counted | repeated without |
|---|---|---|
| a long recording on the web page | windows scored | verdict and course of the scores apart |
| paired differences of all metrics | score sets measured | a call for each metric |
| robustness under all conditions | score sets measured | a call for each condition and metric |
| FAD of several sets, with --training | files embedded | a run for each set |
| explanations by three methods, two fills | clips through the front end | features not kept |
| MuFidelity of many clips | clips through the front end | all clips for each of them |

Both sides run in one process on the same input, after a first run that is not counted; the seconds
are the fastest of the repeats.

  python benchmarks/once.py [--json]
"""

import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from experiment.command import run_command


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    seconds : int
        Length of the long recording.
    sets : int
        Sets whose distance is measured.
    clips : int
        In each of these sets, in the reference and in the training set.
    explained : int
        Clips that are explained.
    samples : int
        Perturbations of a clip.
    draws : int
        Of speakers, behind each interval.
    repeats : int
        Runs of each side, of which the fastest counts.
    seed : int
        Of scores, perturbations and draws.
    json : bool
        Print one JSON object instead of a table.
    """

    seconds: int = 60
    sets: int = 4
    clips: int = 24
    explained: int = 12
    samples: int = 50
    draws: int = 200
    repeats: int = 3
    seed: int = 0
    json: bool = False


@dataclass(frozen=True)
class Work:
    """A piece of work, done once and repeated.

    Attributes
    ----------
    name, unit : str
        What is done, and what is counted.
    once, repeated : callable
        Do it.
    owner, counted : object, str
        Where the counted function stands.
    size : callable
        From the function's arguments to how much a call counts.
    """

    name: str
    unit: str
    once: Callable
    repeated: Callable
    owner: object
    counted: str
    size: Callable


def main(settings):
    """Measure and print."""
    from experiment.files import dumps

    rows = (measure(work, settings.repeats) for work in works(settings))
    if settings.json:
        print(dumps({"settings": asdict(settings), "rows": list(rows)}))
        return
    print("| work | counted | once | repeated | ratio | once s | repeated s | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row['work']} | {row['counted']} | {row['once']} | {row['repeated']} "
            f"| {row['repeated'] / row['once']:.1f} | {row['once_seconds']:.2f} "
            f"| {row['repeated_seconds']:.2f} "
            f"| {row['repeated_seconds'] / row['once_seconds']:.1f} |",
            flush=True,
        )


def works(settings):
    """Yield every piece of work, with its input ready."""
    from audio.datasets import DATASETS

    corpus = DATASETS["starter"]("tiny")
    yield long_recording(corpus, settings)
    yield differences(corpus, settings)
    yield robustness(corpus, settings)
    with TemporaryDirectory() as folder:
        yield distances(corpus, settings, folder)
    yield explanations(corpus, settings)
    yield mufidelity(corpus, settings)


def measure(work, repeats):
    """Return counts and seconds of both sides, dict."""
    work.once()
    found = {"work": work.name, "counted": work.unit}
    for side in ("once", "repeated"):
        runs = [_timed(getattr(work, side), work) for _ in range(repeats)]
        found[side] = runs[0][0]
        found[f"{side}_seconds"] = min(seconds for _, seconds in runs)
    return found


def _timed(function, work):
    with counting(work.owner, work.counted, work.size) as calls:
        start = time.perf_counter()
        function()
        return sum(calls), time.perf_counter() - start


@contextmanager
def counting(owner, name, size):
    """Yield the list to which each call of a function adds its size."""
    kept, calls = getattr(owner, name), []

    def counted(*arguments, **options):
        calls.append(size(*arguments))
        return kept(*arguments, **options)

    setattr(owner, name, counted)
    try:
        yield calls
    finally:
        setattr(owner, name, kept)


def _each(*_):
    return 1


def _of_paths(paths, *_):
    return len(paths)


def _of_clips(_, clips):
    return len(clips)


def long_recording(corpus, settings):
    """Return the judging of a long recording as the web page does it."""
    import numpy as np

    from audio.clip import make_clip
    from audio.manifest import clips
    from demo.verdicts import judge
    from detect.use.detector import Detector
    from detect.use.loading import load
    from detect.use.streaming import timeline

    detector = load("starter")
    real = corpus[corpus["label"] == "bonafide"]
    samples = np.concatenate([clip.samples for clip in clips(real)])
    clip = make_clip(samples[: settings.seconds * detector.rate])

    def once():
        judge("starter", detector, clip)

    def apart():
        judge("starter", detector, clip)
        timeline(detector, clip.samples, clip.rate)

    name, unit = f"verdict on {clip.seconds:.0f} s", "windows scored"
    return Work(name, unit, once, apart, Detector, "logits", _of_clips)


def scores_of(corpus, settings, *names):
    """Return random scores of the test clips, with a difference between the classes."""
    from experiment.seeds import rng

    test = corpus[corpus["split"] == "test"].reset_index(drop=True)
    noise = rng(settings.seed, "scores", *names).standard_normal(len(test))
    return test.assign(score=noise + (test["label"] == "bonafide"), threshold=0.5)


def differences(corpus, settings):
    """Return the paired differences of all metrics."""
    from detect.evaluation import intervals

    pairs = [
        tuple(scores_of(corpus, settings, side, str(k)) for side in ("before", "after"))
        for k in range(3)
    ]
    options = {"repeats": settings.draws, "seed": settings.seed}

    def once():
        intervals.paired_differences(pairs, **options)

    def each():
        for metric in intervals.METRICS:
            intervals.paired_differences(pairs, [metric], **options)

    name = f"paired differences, {len(intervals.METRICS)} metrics, 3 seeds"
    return Work(name, "score sets measured", once, each, intervals, "_measure", _each)


def robustness(corpus, settings):
    """Return the differences of all conditions from the clean one."""
    from detect.evaluation import intervals
    from study.robustness import CONDITIONS

    scores = {name: [scores_of(corpus, settings, name)] for name in CONDITIONS}
    clean, metrics = scores["clean"], ("eer", "auc")
    options = {"repeats": settings.draws, "seed": settings.seed}

    def once():
        list(intervals.differences_from(clean, scores.values(), metrics, **options))

    def each():
        for runs in scores.values():
            for metric in metrics:
                list(intervals.differences_from(clean, [runs], [metric], **options))

    name = f"robustness, {len(scores)} conditions, {len(metrics)} metrics"
    return Work(name, "score sets measured", once, each, intervals, "_measure", _each)


def distances(corpus, settings, folder):
    """Return the FADs of several sets, each with a look for copies of the training set."""
    from dataclasses import replace

    from audio.manifest import save
    from fad import command
    from fake_audio.commands.fad import Settings as Asked

    def manifest(name, frame):
        path = f"{folder}/{name}.parquet"
        save(frame.head(settings.clips), path)
        return path

    real = corpus[corpus["label"] == "bonafide"]
    training, reference = (real[real["split"] == split] for split in ("train", "test"))
    spoof = corpus[corpus["label"] == "spoof"].sort_values("name")
    parts = [spoof.iloc[k :: settings.sets] for k in range(settings.sets)]
    asked = Asked(
        reference=manifest("reference", reference),
        evaluated=tuple(manifest(f"set{k}", part) for k, part in enumerate(parts)),
        training=manifest("training", training),
        repeats=settings.draws,
        no_cache=True,
        seed=settings.seed,
    )

    def once():
        command.run(asked)

    def each():
        for path in asked.evaluated:
            command.run(replace(asked, evaluated=(path,)))

    name = f"FAD of {settings.sets} sets of {settings.clips}, with copies"
    return Work(name, "files embedded", once, each, command, "embed_files", _of_paths)


def _explained(corpus, settings):
    """Return a detector, whose weights do not matter here, and clips of both classes."""
    from audio.frontends import LogMel
    from audio.manifest import clips
    from detect.models import cnn
    from detect.use.detector import Detector

    front_end = LogMel(seconds=1.0)
    test = corpus[corpus["split"] == "test"].sort_values("name")
    chosen = list(clips(test.groupby("label").head(settings.explained // 2)))
    return Detector("cnn", front_end, cnn.build(front_end.shape)), chosen


@contextmanager
def forgetful():
    """Let features of explained clips be computed whenever they are asked for."""
    from xai import subject

    kept, subject.KEPT = subject.KEPT, 0
    try:
        yield
    finally:
        subject.KEPT = kept


def explanations(corpus, settings):
    """Return the explanation of clips by several methods, judged under several fills."""
    from detect.use.detector import Detector
    from study.explanations import FILLS, METHODS
    from xai import explain, faithfulness, subject

    detector, clips = _explained(corpus, settings)

    def once():
        subject._features.clear()
        found = []
        for method, names in METHODS.items():
            options = {name: getattr(settings, name) for name in names}
            found += explain(detector, clips, method, seed=settings.seed, **options)
        for fill in FILLS:
            faithfulness.curves(detector, clips, found, fill=fill, seed=settings.seed)

    def again():
        with forgetful():
            once()

    name = f"{len(METHODS)} methods, {len(FILLS)} fills, {len(clips)} clips"
    return Work(name, "clips through the front end", once, again, Detector, "features", _of_clips)


def mufidelity(corpus, settings):
    """Return the MuFidelity of the maps of clips."""
    from detect.use.detector import Detector
    from xai import explain, sanity, subject

    detector, clips = _explained(corpus, settings)
    maps = explain(detector, clips, "gradcam", seed=settings.seed)
    options = {"samples": settings.samples, "seed": settings.seed}

    def once():
        subject._features.clear()
        sanity.mufidelity(detector, clips, maps, **options)

    def each():
        for one in maps:
            with forgetful():
                sanity.mufidelity(detector, clips, [one], **options)

    name = f"MuFidelity of {len(clips)} clips"
    return Work(name, "clips through the front end", once, each, Detector, "features", _of_clips)


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
