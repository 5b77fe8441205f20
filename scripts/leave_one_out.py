"""How well does a detector find an attack that it was never trained on?

Leaves each attack out of train and dev in turn, and tests on it, beside a detector that knew it;
the test clips are the same.

  python scripts/leave_one_out.py --data quick --dataset starter
  python scripts/leave_one_out.py --data m.parquet --model mfcc_svm --seeds 3 --plot unseen.png
"""

import sys
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # scripts/detect.py must not hide the package

from experiment.command import run_command


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Which data and which detector.

    Attributes
    ----------
    data : str
        A manifest, a folder with real/ and fake/, or the folder of a data set.
    dataset : str, optional
        Which published data set it is.
    model : str
        A key of detect.MODELS.
    epochs : int, optional
        Passes over the training clips at most; the model's own by default.
    seeds : int
        Trainings without each attack, with the seeds 0, 1, ...
    most : int
        Clips at most of each split, class and attack.
    out : str, optional
        Folder that keeps the detectors; an interrupted table goes on there.
    metric : str
        A metric of scripts/evaluate.py.
    repeats : int
        Draws of speakers behind each interval.
    plot : str, optional
        Write a picture to this PNG file.
    csv : str, optional
        Write the rows to this file.
    json : bool
        Print one JSON object instead of a table.
    """

    data: str
    dataset: str | None = None
    model: str = "cnn"
    epochs: int | None = None
    seeds: int = 1
    most: int = 5000
    out: str | None = None
    metric: str = "eer"
    repeats: int = 500
    plot: str | None = None
    csv: str | None = None
    json: bool = False


def main(settings):
    """Train without each attack, test, and print the table."""
    from audio.datasets import read
    from audio.manifest import few
    from detect.evaluation.plots import intervals
    from study.output import configured, publish
    from study.transfer import leave_one_out

    rows = leave_one_out(
        settings.model,
        few(read(settings.data, settings.dataset), settings.most),
        configured(settings.model, settings.epochs),
        range(settings.seeds),
        folder=Path(settings.out) if settings.out else None,
        repeats=settings.repeats,
        metric=settings.metric,
    )
    publish(
        settings,
        rows,
        lambda: _text(settings, rows),
        lambda: intervals(rows, "attack", f"{settings.metric} of attacks left out"),
    )


def _text(settings, rows):
    import pandas as pd

    from experiment.tables import number

    columns = {
        "with it": ("seen", "seen_low", "seen_high"),
        "without it": ("value", "low", "high"),
        "difference": ("difference", "difference_low", "difference_high"),
    }
    table = pd.DataFrame(
        {
            title: [number(*row, digits=3) for row in rows[list(names)].to_numpy()]
            for title, names in columns.items()
        },
        index=rows["attack"],
    ).rename_axis(index=None)
    return (
        f"{settings.metric} of {settings.model} on each attack, with and without it in training\n"
        f"{table.to_string()}\n{rows['trainings'].iloc[0]} trainings; 95 % intervals by "
        "speaker and training"
    )


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
