"""Metrics of a score file, with intervals by speaker: yours or anybody's.

Reads score files in the layouts of ASVspoof 2019, 2021 and 5, and the protocols of ASVspoof 2017,
2019, 2021 and 5, In-the-Wild's meta.csv or a manifest. A higher score means bona fide.

  fake-audio evaluate scores.txt ASVspoof2019.LA.cm.eval.trl.txt
  fake-audio evaluate scores.txt keys/LA/CM/trial_metadata.txt --by codec
"""

from dataclasses import dataclass, field
from pathlib import Path

from experiment.options import Output, Seeded

SHOWN = ["eer", "min_dcf", "cllr", "auc", "accuracy"]


@dataclass(frozen=True, kw_only=True)
class Settings(Seeded, Output):
    """What to evaluate, and how.

    Attributes
    ----------
    scores : str
        Score file.
    protocol : str
        Protocol, key file or manifest.
    threshold : float
        Decision threshold from a development set.
    by : str, optional
        Column of the protocol (codec, gender, source, language) by which to judge apart.
    audit : bool
        Where the protocol is a manifest, say what trivial features alone would reach.
    most : int
        Clips at most of each split, class and attack in that audit.
    figures : str, optional
        Folder for ROC, DET, reliability and histogram as PNG.
    """

    scores: str = field(metadata={"positional": None})
    protocol: str = field(metadata={"positional": None})
    threshold: float = 0.0
    by: str | None = None
    audit: bool = True
    most: int = 300
    figures: str | None = None


def main(settings):
    """Print one row a split and attack."""
    from detect.evaluation.intervals import table
    from detect.evaluation.score_files import join, read_protocol, read_scores
    from experiment.files import dumps

    scores = join(read_scores(settings.scores), read_protocol(settings.protocol))
    scores = scores.assign(threshold=settings.threshold)
    rows = table(scores, repeats=settings.repeats, seed=settings.seed, by=settings.by)
    shortcuts = _audit(settings, scores) if settings.audit and "path" in scores else None
    if settings.figures:
        _draw(scores, Path(settings.figures))
    if settings.json:
        known = None if shortcuts is None else shortcuts.to_dict("records")
        print(dumps({"rows": rows.to_dict("records"), "shortcuts": known}))
    else:
        print(_text(rows), _shortcuts(shortcuts), sep="\n\n")


def _audit(settings, scores):
    from detect.evaluation.audit import examine
    from detect.evaluation.explained import explained

    options = {"seed": settings.seed, "repeats": settings.repeats}
    found = examine(scores, ("all",), most=settings.most, **options)
    return explained(scores, found.clips, **options)


def _shortcuts(rows):
    """Return the audit as text, or how to get one."""
    from experiment.tables import wide

    if rows is None:
        return "shortcuts: not audited (the protocol must be a manifest with the sound files)"
    return f"{wide(rows, 'attack', 'quantity').to_string()}\n{SHORTCUTS}"


SHORTCUTS = (
    "shortcuts: AUC of trivial features (level, silence, bandwidth, format), of the detector, of\n"
    "the detector among clips of like trivial score, and the share of its lead over chance that\n"
    "is lost there; fake-audio audit-shortcuts tells more"
)


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
    from detect.evaluation import plots
    from experiment.files import atomic

    for split, part in scores.groupby("split"):
        figures = {
            "roc": plots.roc({split: part}),
            "det": plots.det({split: part}),
            "precision": plots.precision_recall({split: part}),
            "histogram": plots.histogram(part),
            "reliability": plots.reliability(part),
        }
        for name, figure in figures.items():
            with atomic(folder / f"{split}-{name}.png") as temporary:
                figure.savefig(temporary, dpi=150)
