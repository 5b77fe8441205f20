"""Make a detector of weights that others published or trained. Nothing in the file can run code.

PyTorch checkpoints (.pth, .pt, .ckpt; zip archives and the older format), safetensors, ONNX files
that kept the names of their tensors, Keras and LiteRT files. Every tensor must find its place and
every layer its tensor. The detector is uncalibrated until fake-audio calibrate has seen labelled
recordings.

  fake-audio import-weights AASIST.pth --model aasist --out runs/aasist
  fake-audio import-weights r.pth --model res2net50 --front-end spectrogram --out runs/r
  fake-audio import-weights mine.pth --model resnet18 --bonafide 0 --out runs/mine
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from experiment.options import Output


@dataclass(frozen=True, kw_only=True)
class Settings(Output):
    """Which file and what is in it.

    Attributes
    ----------
    file : str
        The weights.
    model : str
        One of the models listed above; for Keras and LiteRT files any key of detect.MODELS.
    out : str
        Folder of the detector.
    options : dict
        Options of the model's builder as the weights were trained, for example '{"image": true}'.
    front_end : str, optional
        A key of audio.frontends.FRONTENDS or of audio.frontends.PUBLISHED; by default the published
        one or the model's own.
    front_end_options : dict
        Settings of the front end, for example '{"seconds": 4.0}'.
    bonafide : int, optional
        Which of two outputs is bona fide, 0 or 1; by default as in the published code.
    score : str
        difference (logit of bona fide less that of spoof) or bonafide (that of bona fide alone, as
        the authors of AASIST score).
    key : str
        Of the tensors inside a checkpoint that holds more.
    """

    file: str = field(metadata={"positional": None})
    model: str
    out: str
    options: Mapping[str, Any] = field(default_factory=dict)
    front_end: str | None = None
    front_end_options: Mapping[str, Any] = field(default_factory=dict)
    bonafide: int | None = None
    score: str = "difference"
    key: str = ""


def main(settings):
    """Read, save and say what is missing."""
    from detect.use.published import import_weights
    from experiment.files import dumps

    detector = import_weights(
        settings.file, settings.model, settings.options, front_end=_front_end(settings),
        bonafide=settings.bonafide, score=settings.score, key=settings.key,
    )  # fmt: skip
    detector.save(settings.out)
    if settings.json:
        found = {"out": settings.out, "digest": detector.digest, **detector.training}
        print(dumps(found))
        return
    print(f"{settings.out}: {settings.model}, {detector.training['parameters']:,} weights in all")
    print(
        "uncalibrated: its score is the network's logit and the threshold 0; next: "
        f"fake-audio calibrate MANIFEST --model {settings.out}"
    )


def registries():
    """Return the models whose published tensors have their places."""
    from detect import MODELS
    from detect.use.published import PUBLISHED
    from fake_audio.options import summary

    return {"models": {name: summary(MODELS[name].build) for name in PUBLISHED}}


def _front_end(settings):
    from detect import MODELS
    from detect.use.published import default_front_end
    from encoders.frontend import changed, named
    from experiment.errors import choose

    choose(settings.model, MODELS, "detector")
    if settings.front_end is None:
        return changed(default_front_end(settings.model), **settings.front_end_options)
    return named(settings.front_end, **settings.front_end_options)
