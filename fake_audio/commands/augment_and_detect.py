"""The whole experiment: do fakes of our own make a detector better, and what does it look at?

Takes real and fake speech (by default the starter corpus, which it builds), trains a generator on
the real training speech, measures how far its fakes are from real speech (Frechet Audio Distance),
trains each detector without and with them, compares the two on attacks that training had and had
not, explains decisions, and writes report.html into the run folder.

  fake-audio augment-and-detect                          the recipe `quick`
  fake-audio augment-and-detect --resume                 go on after an interruption
  fake-audio augment-and-detect --recipe full
  fake-audio augment-and-detect --data FOLDER --out runs/mine
"""

from study.config import StudyConfig as Settings

__all__ = ["RECIPE", "Settings", "main"]

RECIPE = "quick"


def main(settings):
    """Run the experiment and print where its report lies, and its headline."""
    from study.main import conduct
    from study.sentences import headline

    path = conduct(settings)
    print(headline(path.parent))
    print(f"report: {path}")
