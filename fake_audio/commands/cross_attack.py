"""Which fakes teach a detector to find which? Train on each attack alone, test on each.

Each row is a detector that knows bona fide speech and one attack; it is tested on every attack of
the test split, beside the same bona fide clips. Below 0.5 the row teaches the opposite: what it
marks as fake is less likely to be so. Copies of the same recordings by several vocoders make the
cleanest table, since only the vocoder differs:

  fake-audio vocode recordings/ --with vocos,codec,world,griffinlim --each --out runs/copies
  fake-audio cross-attack --data runs/copies/manifest.parquet --plot matrix.png --csv matrix.csv
"""

from dataclasses import dataclass

from experiment.options import Draws, Tables
from fake_audio.options import Data, Trainings


@dataclass(frozen=True, kw_only=True)
class Settings(Data, Trainings, Draws, Tables):
    """Which data and which detector."""

    model: str = "lfcc_stats"
    metric: str = "auc"


def main(settings):
    """Train on each attack, test on each, and print the matrix."""
    from audio.manifest import few
    from fake_audio.commands.cross_data import compare
    from study.transfer import by_attack

    compare(settings, by_attack(few(settings.frame(), settings.most)))
