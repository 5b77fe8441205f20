"""What gives the classes of a corpus away, without listening to speech?

Trains trees on trivial features only (level, DC, silence, noise floor, quantisation, bandwidth,
duration, codec, file format) and reports, attack by attack and on other speakers than they were
trained on, the area under the ROC curve: 0.5 means that there is no shortcut, and what is well
above it could explain that much of any detector's success. With --scores it also says how much of
one detector's success is left among clips that trivial features cannot tell apart.

  python scripts/audit_shortcuts.py manifest.parquet --csv mistrust.csv --plot audit.png
  python scripts/audit_shortcuts.py ~/data/LA --dataset asvspoof2019_la --scores scores.txt
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # scripts/detect.py must not hide the package

from experiment.command import run_command


@dataclass(frozen=True, kw_only=True)
class Settings:
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
    repeats : int
        Draws of speakers behind each interval.
    seed : int
        Seed of clips, folds and draws.
    csv : str, optional
        Write the clips to mistrust to this file.
    plot : str, optional
        Write a picture of the table to this PNG file.
    json : bool
        Print one JSON object instead of a table.
    """

    manifest: str = field(metadata={"positional": None})
    dataset: str | None = None
    scores: str | None = None
    most: int = 500
    repeats: int = 500
    seed: int = 0
    csv: str | None = None
    plot: str | None = None
    json: bool = False


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


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
