"""Train on each data set, test on each: one matrix.

A data set is KEY=PATH, where KEY is that of a published data set, or any name before a manifest or
a folder with real/ and fake/. One without train and dev is a column only.

  fake-audio cross-data asvspoof2019_la=~/data/LA in_the_wild=~/data/itw starter=quick
  fake-audio cross-data a=a.parquet b=b.parquet --model mfcc_svm --plot matrix.png
"""

from dataclasses import dataclass, field

from experiment.options import Draws, Tables
from fake_audio.options import Trainings


@dataclass(frozen=True, kw_only=True)
class Settings(Trainings, Draws, Tables):
    """Which data sets and which detector.

    Attributes
    ----------
    data : list of str
        KEY=PATH each.
    """

    data: list[str] = field(metadata={"positional": "+"})


def main(settings):
    """Train, test and print the matrix."""
    compare(settings, dict(_frame(settings, word) for word in settings.data))


def compare(settings, frames):
    """Train on each of several manifests, test on each, and print or write what is asked for."""
    from audio.draw import heat_table
    from study.output import publish
    from study.transfer import matrix

    rows = matrix(
        settings.model,
        frames,
        settings.config(),
        range(settings.seeds),
        folder=settings.folder,
        repeats=settings.repeats,
        metrics=(settings.metric,),
    )

    def picture():
        wide = rows.pivot(index="trained", columns="tested", values="value")
        wide = wide.loc[rows["trained"].unique(), rows["tested"].unique()]
        ends = (0, 0.5) if settings.metric == "eer" else (0, 1)
        return heat_table(wide, f"{settings.metric}, trained on rows", *ends)

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
        f"{first.trainings} trainings per row; 95 % intervals by speaker and training"
    )
