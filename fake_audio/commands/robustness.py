"""What is left of a detector after noise, codecs, telephone, reverberation and the like?

Judges the same test clips under every condition, at the threshold from dev, and sets each beside
the clean clips. Give several folders of one model to have the mean over trainings.

  fake-audio robustness runs/detectors/cnn-0 --data quick --dataset starter
  fake-audio robustness runs/cnn-0 runs/cnn-1 --data m.parquet --plot robustness.png --json
"""

from dataclasses import dataclass, field

from experiment.options import Seeded, Tables
from fake_audio.options import Data


@dataclass(frozen=True, kw_only=True)
class Settings(Data, Seeded, Tables):
    """What to judge, and by what.

    Attributes
    ----------
    detectors : list of str
        Folders of trainings of one model.
    split : str
        Clips of which split.
    most : int
        Clips at most of each class and attack.
    """

    detectors: list[str] = field(metadata={"positional": "+"})
    split: str = "test"
    most: int = 300


def main(settings):
    """Judge under every condition and print the table."""
    from audio.manifest import few
    from detect.evaluation.plots import intervals
    from detect.use.loading import load
    from study.output import publish
    from study.robustness import robustness

    frame = settings.frame()
    frame = few(frame[frame["split"] == settings.split], settings.most, settings.seed)
    detectors = [load(folder) for folder in settings.detectors]
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
