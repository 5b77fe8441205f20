"""Everything that can be said of a detector, or of anybody's scores, in one call."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from detect.evaluation.judgement import Judgement, judged, prepared
from detect.evaluation.score_files import read_judged
from detect.evaluation.tandem import read_asv
from detect.use.loading import load
from detect.use.locating import located
from detect.use.scoring import scored, tally


def assess(
    subject: Any,
    truth: str | Path | pd.DataFrame | None = None,
    *,
    threshold: float | None = None,
    scale: str = "llr",
    asv: str | Path | Mapping | None = None,
    by: str | None = None,
    audit: bool = True,
    most: int = 300,
    repeats: int = 500,
    seed: int = 0,
) -> Judgement:
    """Judge scores, or a detector on a manifest, as ``fake-audio evaluate`` does.

    Parameters
    ----------
    subject : str, Path, DataFrame or Detector
        A score file of any layout; a scores frame; or, where `truth` is a manifest (a DataFrame), a
        detector or what `detect.load` takes.
    truth : str, Path or DataFrame, optional
        A protocol, key file or manifest of a score file, which is not needed where the file has
        labels; a manifest for a detector.
    threshold : float, optional
        Decision threshold from a development set; 0 for score files, the detector's own otherwise.
    scale : {"llr", "probability", "reversed"}
        What the scores are.
    asv : str, Path or mapping, optional
        Score file of a speaker verifier, or what `detect.evaluation.tandem.read_asv` returns.
    by, audit, most, repeats, seed : optional
        As for `detect.evaluation.judgement.judged`.

    Returns
    -------
    Judgement
        rows, world, tandem, shortcuts, localisation and notes.

    Raises
    ------
    DataError
        If a file cannot be read, names do not meet, or a class is missing.

    Examples
    --------
    >>> import audio, detect
    >>> found = detect.assess("starter", audio.splits(corpus).test, audit=False, repeats=20)
    >>> sorted(found.world["kind"].unique())[:2]
    ['mean over attacks', 'mean over sources']
    """
    detector, told = None, []
    if isinstance(truth, pd.DataFrame):
        detector = load(subject) if isinstance(subject, str | Path) else subject
        scores = scored(detector, truth)
        told = [tally(scores)]
    elif isinstance(subject, pd.DataFrame):
        scores = subject
    else:
        scores, columns = read_judged(subject, truth)
        told = [columns]
    return judged(
        prepared(scores, threshold, scale),
        by=by,
        asv=read_asv(asv) if isinstance(asv, str | Path) else asv,
        audit=audit,
        most=most,
        repeats=repeats,
        seed=seed,
        localisation=None if detector is None else located(detector, scores),
        told=told,
    )
