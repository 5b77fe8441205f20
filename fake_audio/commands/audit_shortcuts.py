"""What gives the classes of a corpus away, without listening to speech?

Trains trees on trivial features only (level, DC, silence, noise floor, quantisation, bandwidth,
duration, codec, file format) and reports, attack by attack and on other speakers than they were
trained on, the area under the ROC curve: 0.5 means that there is no shortcut, and what is well
above it could explain that much of any detector's success. With --scores it also says how much of
one detector's success is left among clips that trivial features cannot tell apart.

  fake-audio audit-shortcuts manifest.parquet --csv mistrust.csv --plot audit.png
  fake-audio audit-shortcuts ~/data/LA --dataset asvspoof2019_la --scores scores.txt
"""

from dataclasses import dataclass, field

from experiment.options import Seeded, Tables


@dataclass(frozen=True, kw_only=True)
class Settings(Seeded, Tables):
    """What to audit.

    Attributes
    ----------
    manifest : str
        A manifest, a folder with real/ and fake/, or the folder of a data set.
    dataset : str, optional
        Which published data set it is.
    scores : str, optional
        Score file of a detector on these clips.
    most : int
        Clips at most of each split, class and attack.
    """

    manifest: str = field(metadata={"positional": None})
    dataset: str | None = None
    scores: str | None = None
    most: int = 500


def main(settings):
    """Audit, and print what was found."""
    from audio.datasets import read
    from detect.evaluation.audit import examine
    from experiment.files import atomic, dumps, write_text

    frame = read(settings.manifest, settings.dataset)
    found = examine(frame, seed=settings.seed, repeats=settings.repeats, most=settings.most)
    suspects = found.suspects(frame)
    shares = _shares(settings, frame, found) if settings.scores else None
    if settings.csv:
        write_text(settings.csv, suspects.to_csv(index=False))
    if settings.plot:
        from audio.draw import heat_table

        wide = found.table.pivot(index="attack", columns="features", values="auc")
        figure = heat_table(wide[found.table["features"].unique()], "AUC of trivial features")
        with atomic(settings.plot) as temporary:
            figure.savefig(temporary, dpi=150)
    if settings.json:
        rows = {"rows": found.table.to_dict("records"), "mistrust": suspects.to_dict("records")}
        print(dumps(rows | ({} if shares is None else {"explained": shares.to_dict("records")})))
    else:
        print(_text(found.table, suspects, shares, len(frame)))


def _shares(settings, frame, found):
    from detect.evaluation.explained import explained
    from detect.evaluation.score_files import join, read_scores

    audited = frame[frame["name"].isin(found.clips["name"])]
    scores = join(read_scores(settings.scores), audited)
    return explained(scores, found.clips, settings.repeats, settings.seed)


def _text(table, suspects, shares, total):
    from detect.evaluation.audit import sentences
    from experiment.tables import wide

    lines = [wide(table, "attack", "features", "auc").to_string(), *sentences(table)]
    if shares is not None:
        lines += ["", wide(shares, "attack", "quantity").to_string(), MEANING]
    lines.append(
        f"{len(suspects)} of {total} clips to mistrust: trivial features name their class with a "
        "probability of 0.95 (--csv lists them)"
    )
    return "\n".join(lines)


MEANING = (
    "AUC of trivial features, of the detector, of the detector among clips of like trivial score, "
    "and the share of its lead over chance that is lost there."
)
