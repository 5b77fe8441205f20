"""How well does a detector find an attack that it was never trained on?

Leaves each attack out of train and dev in turn, and tests on it, beside a detector that knew it;
the test clips are the same.

  fake-audio leave-one-out --data quick --dataset starter
  fake-audio leave-one-out --data m.parquet --model mfcc_svm --seeds 3 --plot unseen.png
"""

from dataclasses import dataclass

from experiment.options import Draws, Tables
from fake_audio.options import Data, Trainings


@dataclass(frozen=True, kw_only=True)
class Settings(Data, Trainings, Draws, Tables):
    """Which data and which detector."""


def main(settings):
    """Train without each attack, test, and print the table."""
    from audio.manifest import few
    from detect.evaluation.plots import intervals
    from study.output import publish
    from study.transfer import leave_one_out

    rows = leave_one_out(
        settings.model,
        few(settings.frame(), settings.most),
        settings.config(),
        range(settings.seeds),
        folder=settings.folder,
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
