"""The whole experiment: do fakes of our own make a detector better, and what does it look at?

Takes real and fake speech (by default the starter corpus, which it builds), trains a generator on
the real training speech, measures how far its fakes are from real speech (Frechet Audio Distance),
trains each detector without and with them, compares the two on attacks that training had and had
not, explains decisions, and writes report.html into the run folder.

  python scripts/augment_and_detect.py                          the recipe `quick`
  python scripts/augment_and_detect.py --resume                 go on after an interruption
  python scripts/augment_and_detect.py --recipe recipes/full.yaml
  python scripts/augment_and_detect.py --data FOLDER --out runs/mine
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # scripts/fad.py must not hide the package fad

from experiment.command import run_command
from study.config import StudyConfig

RECIPE = Path(__file__).parents[1] / "recipes" / "quick.yaml"


def main(config):
    """Run the experiment and print where its report lies, and its headline."""
    from study.main import conduct
    from study.words import headline

    path = conduct(config)
    print(headline(path.parent))
    print(f"report: {path}")


if __name__ == "__main__":
    run_command(main, StudyConfig, __doc__, recipe=RECIPE)
