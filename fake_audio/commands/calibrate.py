"""Set a detector's threshold from your own recordings, with a guarantee, or calibrate it anew.

Real recordings alone (30 to 100 of them, like those that it shall judge) set the threshold: of
all such recordings at most a share (--alarms) is called spoof, with a confidence over the draw of
yours. The scores stay as they are; how far they lie from those of the detector's development set
is said.

Labelled recordings of both classes, none that it was trained on or will be tested on, calibrate it:
a score becomes a log-likelihood ratio and the threshold is where both errors are equal.

  fake-audio calibrate MY_RECORDINGS
  fake-audio calibrate MY_RECORDINGS --alarms 0.05 --confidence 0.95 --out runs/mine
  fake-audio calibrate mine.parquet --model runs/aasist
  fake-audio calibrate ~/data/LA --dataset asvspoof2019_la --model runs/aasist --split dev
  fake-audio calibrate mine.parquet --model runs/aasist --domain train --out runs/aasist-mine
"""

from dataclasses import dataclass, field
from pathlib import Path

from detect.use.default import DEFAULT
from experiment.options import Output
from fake_audio.options import Data

OUT = "runs/calibrated"


@dataclass(frozen=True, kw_only=True)
class Settings(Data, Output):
    """Which detector and which recordings.

    Attributes
    ----------
    data : str
        A folder of real recordings, a manifest, a folder with real/ and fake/, or the folder of a
        data set.
    model : str
        Folder of a detector, the name of one that comes with the package, or hf://user/name.
    alarms : float
        With real recordings alone: share of such recordings that may be called spoof.
    confidence : float
        With real recordings alone: probability that no more are.
    split : str, optional
        Rows of the manifest that count, "all" for all of them; by default dev where both classes
        are labelled, all where there is real speech alone.
    domain : str, optional
        With both classes: split whose recordings also tell what the detector knows (train, for
        example); without, the detector keeps what it has.
    most : int
        Clips at most of each class and attack.
    out : str, optional
        Folder of the calibrated detector; by default that of the model, runs/calibrated for one
        that comes with the package.
    """

    data: str = field(metadata={"positional": None})
    model: str = DEFAULT
    alarms: float = 0.1
    confidence: float = 0.9
    split: str | None = None
    domain: str | None = None
    most: int = 2000
    out: str | None = None


def main(settings):
    """Calibrate, save and print the figures."""
    from detect.use.loading import load

    detector = load(settings.model)
    frame = settings.frame()
    out = settings.out or (settings.model if Path(settings.model).is_dir() else OUT)
    how = _guaranteed if set(frame["label"]) == {"bonafide"} else _recalibrated
    detector, figures, text = how(settings, detector, frame)
    detector.save(out)
    _print(settings, {"out": out, **figures}, f"{out}: {text}")


def _guaranteed(settings, detector, frame):
    """Return the detector with a guarantee on real recordings, its figures and their text."""
    from detect.training.guarantee import guaranteed

    if settings.domain is not None:
        from experiment.errors import UsageError

        raise UsageError("--domain needs recordings of both classes; these are bona fide alone")
    part = _part(settings, frame, settings.split or "all")
    detector = guaranteed(detector, list(part["path"]), settings.alarms, settings.confidence)
    kept, moved = detector.training["guarantee"], detector.training["drift"]
    text = (
        f"spoof below {kept['threshold']:+.3g}, number {kept['rank']} from below of "
        f"{kept['clips']} scores\n"
        f"of real recordings like these at most {100 * kept['alarms']:.3g} % are called spoof, "
        f"with confidence {100 * kept['confidence']:.3g} %; the next one with probability "
        f"{100 * kept['expected']:.2g} % at most\n"
        f"{_drift(moved)}"
    )
    return detector, {**kept, "drift": moved}, text


def _drift(moved):
    """Return in words how far the scores lie from those of dev."""
    said = (
        f"the threshold from dev called {100 * moved['alarms']:.3g} % of them spoof; "
        f"{100 * moved['outside']:.3g} % lie outside what the detector was trained on"
    )
    if moved["lower"] is None:
        return f"{said}; how dev scored was not kept with this detector"
    return (
        f"{said}; their median is {moved['median']:+.2f}, that of dev's real speech "
        f"{moved['dev_median']:+.2f} (one of yours scores lower than one of dev's with probability "
        f"{moved['lower']:.2f}; .5 without drift)"
    )


def _recalibrated(settings, detector, frame):
    """Return the detector calibrated on both classes, its figures and their text."""
    from detect.training.recalibrate import recalibrated

    known = None if settings.domain is None else _part(settings, frame, settings.domain)
    part = _part(settings, frame, settings.split or "dev")
    detector = recalibrated(detector, part, known)
    figures, line = detector.training["dev"], detector.calibration
    text = (
        f"LLR = {line.scale:.4g} x logit {line.offset:+.4g}\n"
        f"threshold {detector.threshold:.4g}; on these clips, which calibration has seen: EER "
        f"{100 * figures['eer']:.2f} %, Cllr {figures['cllr']:.3f}"
    )
    found = {"scale": line.scale, "offset": line.offset, **figures}
    return detector, {**found, "threshold": detector.threshold}, text


def _print(settings, figures, text):
    from experiment.files import dumps

    print(dumps(figures) if settings.json else text)


def _part(settings, frame, split):
    from audio.manifest import few
    from experiment.errors import DataError

    part = frame if split == "all" else frame[frame["split"] == split]
    if not len(part):
        splits = ", ".join(sorted(set(frame["split"])))
        raise DataError(f"{settings.data}: no clips in the split {split!r}; it has: {splits}")
    return few(part, settings.most)
