"""Metrics of scores with intervals by speaker: of yours, of anybody's, of a detector on a manifest.

Reads what the toolkits write: the layouts of ASVspoof 2019, 2021 and 5, ``utterance score``, CSV
with a header (``file,score``; ``ID,Score,Label`` with two logits; ``fake-audio detect --csv``), and
the protocols and key files of ASVspoof 2017, 2019, 2021 and 5, In-the-Wild's meta.csv, arenas, or a
manifest. It says which column it takes for what. A higher score means bona fide.

  fake-audio evaluate scores.txt ASVspoof2019.LA.cm.eval.trl.txt --asv asv.eval.scores.txt
  fake-audio evaluate scores.txt keys/LA/CM/trial_metadata.txt --by codec
  fake-audio evaluate score.csv                          labels stand in the file itself
  fake-audio evaluate --detector starter --data m.parquet            scores, then judges
"""

from dataclasses import dataclass, field
from pathlib import Path

from experiment.options import Output, Seeded

SHOWN = ["eer", "min_dcf", "cllr", "auc", "accuracy"]
PERCENT = ("eer", "accuracy")


@dataclass(frozen=True, kw_only=True)
class Settings(Seeded, Output):
    """What to evaluate, and how.

    Attributes
    ----------
    scores : str, optional
        Score file.
    protocol : str, optional
        Protocol, key file or manifest; not needed where the score file has labels.
    detector : str, optional
        Instead of a score file: the name or folder of a detector, which scores `data` first.
    data : str, optional
        Manifest, folder with real/ and fake/, or folder of a published data set.
    dataset : str, optional
        Which published data set `data` is.
    split : str, optional
        Only the clips of this split.
    write : str, optional
        Write the scores of the detector to this file, in the layout of ASVspoof 5.
    threshold : float, optional
        Decision threshold from a development set: 0 for score files, the detector's own for
        `detector`.
    scale : str
        What the scores are: llr, probability (of bona fide) or reversed (higher for spoof).
    asv : str, optional
        Scores of a speaker verifier (``attack key score``): adds t-DCF.
    by : str, optional
        Column of the protocol (codec, gender, source, language) by which to judge apart.
    audit : bool
        Where the protocol is a manifest, say what trivial features alone would reach.
    most : int
        Clips at most of each split, class and attack in that audit.
    figures : str, optional
        Folder for ROC, DET, reliability and histogram as PNG.
    workers : int
        Processes that score; one uses all cores already.
    scheduler : str, optional
        Address of a running dask scheduler whose workers score instead.
    """

    scores: str | None = field(default=None, metadata={"positional": "?"})
    protocol: str | None = field(default=None, metadata={"positional": "?"})
    detector: str | None = None
    data: str | None = None
    dataset: str | None = None
    split: str | None = None
    write: str | None = None
    threshold: float | None = None
    scale: str = "llr"
    asv: str | None = None
    by: str | None = None
    audit: bool = True
    most: int = 300
    figures: str | None = None
    workers: int = 1
    scheduler: str | None = None

    def __post_init__(self):
        from detect.evaluation.judgement import SCALES
        from experiment.errors import UsageError, choose

        choose(self.scale, dict.fromkeys(SCALES), "scale")
        if bool(self.scores) == bool(self.detector):
            raise UsageError("give a score file, or --detector with --data, and not both")
        if bool(self.detector) != bool(self.data):
            raise UsageError("--detector scores the clips of --data; give both")


def main(settings):
    """Judge the scores and print what they are worth."""
    from detect.evaluation.judgement import judged, prepared
    from detect.evaluation.tandem import read_asv
    from detect.use.locating import located
    from experiment.files import dumps

    scores, told, detector = (_scored if settings.detector else _read)(settings)
    if settings.split:
        scores = _of_split(scores, settings.split)
    scores = prepared(scores, settings.threshold, settings.scale)
    found = judged(
        scores,
        by=settings.by,
        asv=read_asv(settings.asv) if settings.asv else None,
        audit=settings.audit,
        most=settings.most,
        repeats=settings.repeats,
        seed=settings.seed,
        localisation=None if detector is None else located(detector, scores),
        told=[told],
    )
    if settings.figures:
        _draw(scores, Path(settings.figures))
    print(dumps(_record(found)) if settings.json else _text(found))


def _located(parts):
    if parts is None:
        return ""
    return (
        f"localisation, every 20 ms: point EER {100 * parts['point_eer']:.2f} %, range EER "
        f"{100 * parts['range_eer']:.2f} %, F1 of overlaps {parts['f1']:.3f} "
        f"({parts['found']} stretches found, {parts['true']} true)"
    )


def _read(settings):
    """Return the scores of a file, what was read, and no detector."""
    from detect.evaluation.score_files import read_judged

    return *read_judged(settings.scores, settings.protocol), None


def _scored(settings):
    """Return the scores of a detector, how many there are, and the detector."""
    from audio.datasets import read
    from detect.evaluation.score_files import write_scores
    from detect.use.scoring import opened, score_clips, tally

    frame = read(settings.data, settings.dataset)
    if settings.split:
        frame = _of_split(frame, settings.split)
    scores = score_clips(
        settings.detector, frame, workers=settings.workers, scheduler=settings.scheduler
    )
    if settings.write:
        write_scores(settings.write, scores, "asvspoof5")
    return scores, tally(scores), opened(settings.detector)


def _of_split(frame, split):
    from experiment.errors import UsageError

    kept = frame[frame["split"] == split].reset_index(drop=True)
    if not len(kept):
        known = ", ".join(sorted(frame["split"].unique()))
        raise UsageError(f"no clips of split {split!r}; there are {known}")
    return kept


def _record(found):
    shortcuts = None if found.shortcuts is None else found.shortcuts.to_dict("records")
    return {
        "rows": found.rows.to_dict("records"),
        "world": found.world.to_dict("records"),
        "tandem": found.tandem,
        "shortcuts": shortcuts,
        "notes": found.notes,
        "localisation": found.localisation,
    }


def _text(found):
    notes = [_located(found.localisation), *found.notes]
    parts = [_metrics(found.rows), _world(found.world)]
    parts += ["\n".join(f"{name}: {value:.4f}" for name, value in found.tandem.items())]
    parts += [_shortcuts(found.shortcuts), "\n".join(note for note in notes if note)]
    return "\n\n".join(part for part in parts if part)


def _metrics(rows):
    """Return the metrics of `SHOWN` side by side, error rates in percent with two digits."""
    shown = rows[rows["metric"].isin(SHOWN)]
    shown = shown.assign(text=[_interval(row) for row in shown.itertuples()])
    index = ["split", "kind", "group", "bonafide", "spoof", "speakers"]
    wide = shown.pivot(index=index, columns="metric", values="text")[SHOWN]
    wide = wide.rename(columns={name: f"{name} (%)" for name in PERCENT})
    first = rows.iloc[0]
    note = f"95 % intervals by speaker, {first.repeats} draws, seed {first.seed}"
    return f"{wide.reset_index().to_string(index=False)}\n{note}"


def _interval(row):
    times, digits = (100, 2) if row.metric in PERCENT else (1, 3)
    value, low, high = (f"{times * end:.{digits}f}" for end in (row.value, row.low, row.high))
    return f"{value} [{low}, {high}]"


NAMES = {
    "auc": "AUC",
    "miss": "bona fide called spoof",
    "share": "marked outside",
}


def _world(rows):
    """Return the figures within sources, speakers and texts."""
    if not len(rows):
        return ""
    text = [f"{row.value:.3f} [{row.low:.3f}, {row.high:.3f}]" for row in rows.itertuples()]
    table = rows.assign(interval=text, metric=rows["metric"].map(NAMES))
    columns = ["split", "kind", "group", "metric", "interval", "bonafide", "spoof", "n"]
    return f"as in the world:\n{table[columns].to_string(index=False)}"


SHORTCUTS = (
    "shortcuts: AUC of trivial features (level, silence, bandwidth, format), of the detector, of\n"
    "the detector among clips of like trivial score, and the share of its lead over chance that\n"
    "is lost there; fake-audio audit-shortcuts tells more"
)


def _shortcuts(rows):
    """Return the audit as text, or how to get one."""
    from experiment.tables import wide

    if rows is None:
        return "shortcuts: not audited (that needs a manifest with the sound files)"
    return f"{wide(rows, 'attack', 'quantity').to_string()}\n{SHORTCUTS}"


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
