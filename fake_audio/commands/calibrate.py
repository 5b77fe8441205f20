"""Calibrate a detector on labelled recordings: score, threshold and, if asked, domain.

The recordings should be like those that it shall judge, and none that it was trained on or will be
tested on. Afterwards a score is a log-likelihood ratio and the threshold is where both errors were
equal.

  fake-audio calibrate runs/aasist --data mine.parquet
  fake-audio calibrate runs/aasist --data ~/data/LA --dataset asvspoof2019_la --split dev
  fake-audio calibrate runs/aasist --data mine.parquet --domain train --out runs/aasist-mine
"""

from dataclasses import dataclass, field
from pathlib import Path

from experiment.options import Output
from fake_audio.options import Data


@dataclass(frozen=True, kw_only=True)
class Settings(Data, Output):
    """Which detector and which recordings.

    Attributes
    ----------
    model : str
        Folder of a detector, the name of one that comes with the package, or hf://user/name.
    split : str
        Rows of the manifest that calibrate; all of them for "all".
    domain : str, optional
        Split whose recordings also tell what the detector knows (train, for example); without, the
        detector keeps what it has.
    most : int
        Clips at most of each class and attack.
    out : str, optional
        Folder of the calibrated detector; by default that of the model.
    """

    model: str = field(metadata={"positional": None})
    split: str = "dev"
    domain: str | None = None
    most: int = 2000
    out: str | None = None


def main(settings):
    """Calibrate, save and print the figures."""
    from detect.training.recalibrate import recalibrated
    from detect.use.loading import load
    from experiment.files import dumps

    out = _out(settings)
    detector = load(settings.model)
    frame = settings.frame()
    known = None if settings.domain is None else _part(settings, frame, settings.domain)
    detector = recalibrated(detector, _part(settings, frame, settings.split), known)
    detector.save(out)
    figures = detector.training["dev"]
    line = detector.calibration
    if settings.json:
        found = {"out": out, "scale": line.scale, "offset": line.offset, **figures}
        print(dumps({**found, "threshold": detector.threshold}))
        return
    print(f"{out}: LLR = {line.scale:.4g} x logit {line.offset:+.4g}")
    print(
        f"threshold {detector.threshold:.4g}; on these clips, which calibration has seen: EER "
        f"{100 * figures['eer']:.2f} %, Cllr {figures['cllr']:.3f}"
    )


def _out(settings):
    from experiment.errors import UsageError

    if settings.out is None and not Path(settings.model).is_dir():
        raise UsageError(f"{settings.model} is no folder of yours; name a new one with --out")
    return settings.out or settings.model


def _part(settings, frame, split):
    from audio.manifest import few
    from experiment.errors import DataError

    part = frame if split == "all" else frame[frame["split"] == split]
    if not len(part):
        splits = ", ".join(sorted(set(frame["split"])))
        raise DataError(f"{settings.data}: no clips in the split {split!r}; it has: {splits}")
    return few(part, settings.most)
