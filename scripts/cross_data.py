"""Train on each data set, test on each: one matrix.

A data set is KEY=PATH, where KEY is that of a published data set, or any name before a manifest or
a folder with real/ and fake/. One without train and dev is a column only.

  python scripts/cross_data.py asvspoof2019_la=~/data/LA in_the_wild=~/data/itw starter=quick
  python scripts/cross_data.py a=a.parquet b=b.parquet --model mfcc_svm --plot matrix.png
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # scripts/detect.py must not hide the package

from experiment.command import run_command


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Which data sets and which detector.

    Attributes
    ----------
    data : list of str
        KEY=PATH each.
    model : str
        A key of detect.MODELS.
    epochs : int, optional
        Passes over the training clips at most; the model's own by default.
    seeds : int
        Trainings of each row, with the seeds 0, 1, ...
    most : int
        Clips at most of each split, class and attack.
    out : str, optional
        Folder that keeps the detectors; an interrupted matrix goes on there.
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

    data: list[str] = field(metadata={"positional": "+"})
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
    """Train, test and print the matrix."""
    from audio.draw import heat_table
    from study.output import configured, publish
    from study.transfer import matrix

    frames = dict(_frame(settings, word) for word in settings.data)
    rows = matrix(
        settings.model,
        frames,
        configured(settings.model, settings.epochs),
        range(settings.seeds),
        folder=Path(settings.out) if settings.out else None,
        repeats=settings.repeats,
        metrics=(settings.metric,),
    )

    def picture():
        wide = rows.pivot(index="trained", columns="tested", values="value")
        return heat_table(wide, f"{settings.metric}, trained on rows", 0, 0.5, digits=3)

    publish(settings, rows, lambda: _text(settings, rows), picture)


def _frame(settings, word):
    from audio.datasets import DATASETS, read
    from audio.manifest import few
    from experiment.errors import UsageError

    name, equals, path = word.partition("=")
    if not equals:
        raise UsageError(f"a data set is KEY=PATH. Received: {word!r}")
    return name, few(read(path, name if name in DATASETS else None), settings.most)


def _text(settings, rows):
    from experiment.tables import wide

    first = rows.iloc[0]
    return (
        f"{settings.metric} of {settings.model}, trained on rows, tested on columns\n"
        f"{wide(rows, 'trained', 'tested', digits=3).to_string()}\n"
        f"{first.trainings} trainings a row; 95 % intervals by speaker and training"
    )


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
