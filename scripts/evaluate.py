"""Metrics of a score file, with intervals by speaker: yours or anybody's.

Reads score files in the layouts of ASVspoof 2019, 2021 and 5, and the protocols of ASVspoof 2017,
2019, 2021 and 5, In-the-Wild's meta.csv or a manifest. A higher score means bona fide.

  python scripts/evaluate.py scores.txt ASVspoof2019.LA.cm.eval.trl.txt
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # scripts/detect.py must not hide the package

from experiment.command import run_command

SHOWN = ["eer", "min_dcf", "cllr", "auc", "accuracy"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to evaluate, and how.

    Attributes
    ----------
    scores : str
        Score file.
    protocol : str
        Protocol, key file or manifest.
    threshold : float
        Decision threshold from a development set.
    repeats : int
        Draws of speakers behind each interval.
    seed : int
        Seed of the draws.
    figures : str, optional
        Folder for ROC, DET and histogram as PNG.
    json : bool
        Print one JSON object instead of a table.
    """

    scores: str = field(metadata={"positional": None})
    protocol: str = field(metadata={"positional": None})
    threshold: float = 0.0
    repeats: int = 500
    seed: int = 0
    figures: str | None = None
    json: bool = False


def main(settings):
    """Print one row a split and attack."""
    from detect.evaluation import table
    from detect.scores import join, read_protocol, read_scores
    from experiment.files import dumps

    scores = join(read_scores(settings.scores), read_protocol(settings.protocol))
    scores = scores.assign(threshold=settings.threshold)
    rows = table(scores, repeats=settings.repeats, seed=settings.seed)
    if settings.figures:
        _draw(scores, Path(settings.figures))
    if settings.json:
        print(dumps({"rows": rows.to_dict("records")}))
    else:
        print(_text(rows))


def _text(rows):
    """Return the metrics of `SHOWN` side by side, percent intervals in brackets."""
    shown = rows[rows["metric"].isin(SHOWN)].assign(
        text=[f"{r.value:.3f} [{r.low:.3f}, {r.high:.3f}]" for r in rows.itertuples()
              if r.metric in SHOWN]
    )  # fmt: skip
    index = ["split", "kind", "group", "bonafide", "spoof", "speakers"]
    wide = shown.pivot(index=index, columns="metric", values="text")[SHOWN]
    first = rows.iloc[0]
    note = f"95 % intervals by speaker, {first.repeats} draws, seed {first.seed}"
    return f"{wide.reset_index().to_string(index=False)}\n{note}"


def _draw(scores, folder):
    from detect import plots
    from experiment.files import atomic

    for split, part in scores.groupby("split"):
        figures = {
            "roc": plots.roc({split: part}),
            "det": plots.det({split: part}),
            "histogram": plots.histogram(part),
        }
        for name, figure in figures.items():
            with atomic(folder / f"{split}-{name}.png") as temporary:
                figure.savefig(temporary, dpi=150)


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
