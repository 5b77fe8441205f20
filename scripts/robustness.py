"""What is left of a detector after noise, codecs, telephone, reverberation and the like?

Judges the same test clips under every condition, at the threshold from dev, and sets each beside
the clean clips. Give several folders of one model to have the mean over trainings.

  python scripts/robustness.py runs/detectors/cnn-0 --data quick --dataset starter
  python scripts/robustness.py runs/cnn-0 runs/cnn-1 --data m.parquet --plot robustness.png --json
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # scripts/detect.py must not hide the package

from experiment.command import run_command


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to judge, and by what.

    Attributes
    ----------
    detectors : list of str
        Folders of trainings of one model.
    data : str
        A manifest, a folder with real/ and fake/, or the folder of a data set.
    dataset : str, optional
        Which published data set it is.
    split : str
        Clips of which split.
    most : int
        Clips at most of each class and attack.
    repeats : int
        Draws of speakers behind each interval.
    seed : int
        Of the draws, the clips and the changes.
    plot : str, optional
        Write a picture to this PNG file.
    csv : str, optional
        Write the rows to this file.
    json : bool
        Print one JSON object instead of a table.
    """

    detectors: list[str] = field(metadata={"positional": "+"})
    data: str
    dataset: str | None = None
    split: str = "test"
    most: int = 300
    repeats: int = 500
    seed: int = 0
    plot: str | None = None
    csv: str | None = None
    json: bool = False


def main(settings):
    """Judge under every condition and print the table."""
    from audio.datasets import read
    from audio.manifest import few
    from detect.evaluation.plots import intervals
    from detect.use.detector import Detector
    from study.output import publish
    from study.robustness import robustness

    frame = read(settings.data, settings.dataset)
    frame = few(frame[frame["split"] == settings.split], settings.most, settings.seed)
    detectors = [Detector.load(folder) for folder in settings.detectors]
    options = {"repeats": settings.repeats, "seed": settings.seed}
    rows = robustness(detectors, frame, metrics=("eer", "auc", "balanced_accuracy"), **options)
    changes = rows[rows["metric"] == "eer"]
    publish(
        settings,
        rows,
        lambda: _text(rows),
        lambda: intervals(changes, "condition", "EER", reference="clean"),
    )


def _text(rows):
    from experiment.tables import number, wide

    table = wide(rows, "condition", "metric", digits=3)
    error = rows[rows["metric"] == "eer"]
    ends = zip(error["difference"], error["difference_low"], error["difference_high"], strict=True)
    table["eer, less clean"] = [number(*triple, digits=3) for triple in ends]
    first = error.iloc[0]
    return (
        f"{table.to_string()}\n{first.bonafide} bona fide and {first.spoof} spoof clips, "
        f"{first.speakers} speakers, {first.trainings} trainings; 95 % intervals, seed "
        f"{first.seed}; accuracy at the threshold from dev"
    )


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
