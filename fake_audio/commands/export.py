"""Write a detector's network for other runtimes, and compare each file with the original.

LiteRT (TensorFlow Lite) in float and int8, and ONNX. The comparison is on real clips of the starter
corpus: error of the log-likelihood ratio, changed verdicts, equal error rate, milliseconds for one
clip, size. The features that go in are those of the front end in detector.json.

  fake-audio export --out exported
  fake-audio export --model runs/cnn --formats '[tflite, onnx]' --picture --json
  fake-audio export --model runs/cnn --push hf://user/name
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from experiment.options import Output


@dataclass(frozen=True, kw_only=True)
class Settings(Output):
    """What to write.

    Attributes
    ----------
    model : str
        Folder of a trained detector, the name of one that comes with the package, or hf://user/name.
    formats : list of str
        Any of tflite, int8, onnx.
    out : str
        Folder of the files.
    corpus : str
        Size of the starter corpus whose clips compare (test) and set the ranges of int8 (train).
    clips : int
        Test clips that compare.
    examples : int
        Training clips that set the ranges of int8.
    picture : bool
        Draw the network's layers as well (needs pydot and Graphviz).
    push : str, optional
        Upload the detector to a repository on the Hugging Face hub, hf://user/name, and do nothing
        else.
    """

    model: str = "starter"
    formats: tuple[str, ...] = ("tflite", "int8", "onnx")
    out: str = "exported"
    corpus: str = "quick"
    clips: int = 300
    examples: int = 200
    picture: bool = False
    push: str | None = None


def main(settings):
    """Write, compare and print."""
    from detect.use.export import FORMATS
    from detect.use.loading import load
    from experiment.errors import choose

    for name in settings.formats:
        choose(name, FORMATS, "format")
    detector = load(settings.model)
    if settings.push:
        return _push(detector, settings.push)
    rows = _export(detector, settings)
    if settings.picture:
        _picture(detector, Path(settings.out, "network.png"))
    _show(detector, rows, settings)
    return 0


def _push(detector, name):
    from detect.use.hub import push

    push(detector, name)
    print(f"{name}: load it with --model {name}")


def _export(detector, settings):
    from detect.use.export import FORMATS, compare, write
    from detect.use.features import of_manifest

    frames = _clips(settings)
    test, train = (of_manifest(detector.front_end, frame) for frame in frames)
    real = (frames[0]["label"] == "bonafide").to_numpy()
    rows = []
    for name in settings.formats:
        file, runner = FORMATS[name]
        path = Path(settings.out, file)
        write(detector.network, name, path, train)
        found = compare(detector, runner(path), test, real)
        rows.append({"format": name, "file": str(path), "bytes": path.stat().st_size, **found})
    return rows


def _clips(settings):
    from audio.datasets import DATASETS

    corpus = DATASETS["starter"](settings.corpus)
    asked = {"test": settings.clips, "train": settings.examples}
    parts = [corpus[corpus["split"] == split] for split in asked]
    return [
        part.sample(min(count, len(part)), random_state=0)
        for part, count in zip(parts, asked.values(), strict=True)
    ]


def _picture(detector, path):
    from detect.use.export import picture
    from experiment.errors import UsageError

    try:
        picture(detector.network, path)
        print(path, file=sys.stderr)
    except UsageError as error:  # the exported files are whole without it
        print(f"no picture: {error}", file=sys.stderr)


def _show(detector, rows, settings):
    from experiment.files import dumps

    if settings.json:
        print(dumps({"model": detector.model, "digest": detector.digest, "rows": rows}))
        return
    print("| format | kB | LLR error mean, max | verdicts changed | EER | own EER | ms | own ms |")
    print("|---|---|---|---|---|---|---|---|")
    for r in rows:
        print(
            f"| {r['format']} | {r['bytes'] / 1000:.0f} | {r['error_mean']:.1e}, "
            f"{r['error_max']:.1e} | {r['flipped']} of {r['clips']} | {r['eer']:.3f} | "
            f"{r['eer_own']:.3f} | {r['milliseconds']:.2f} | {r['milliseconds_own']:.2f} |"
        )
