"""Every metric of a detector on a manifest."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from detect.evaluation.intervals import table
from detect.use.detector import Detector
from detect.use.loading import load
from detect.use.scoring import score_manifest


def evaluate(
    detector: Detector | str | Path | Sequence[Detector | str | Path],
    frame: pd.DataFrame,
    *,
    by: str | None = None,
    repeats: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Return every metric of a detector on the clips of a manifest.

    Parameters
    ----------
    detector : Detector, str, Path, or sequence of these
        A detector or what `detect.load` takes; of several trainings each number is the mean.
    frame : DataFrame
        Held-out clips of both classes, for example ``audio.splits(manifest).test``.
    by : str, optional
        Column whose values are also judged apart.
    repeats, seed : int
        Draws of whole speakers behind each 95 % interval, and their seed.

    Returns
    -------
    DataFrame
        One row per number: split, kind (all, seen, unseen, attack), group, metric, value, low,
        high, bonafide, spoof, speakers.

    Raises
    ------
    DataError
        If a split has one class only, or a detector cannot be read.
    UsageError
        If there is no column `by`.

    See Also
    --------
    detect.assess : the same and more: within sources, pairs, shortcuts, anybody's score files.
    detect.evaluation.metrics.evaluate : the metrics of two sets of scores.

    Examples
    --------
    >>> import audio, detect
    >>> held_out = audio.splits(corpus).test
    >>> rows = detect.evaluate("starter", held_out, repeats=20)
    >>> rows.query("kind == 'all' and metric == 'auc'")["value"].item() > 0.5
    True
    """
    detectors = [detector] if isinstance(detector, Detector | str | Path) else detector
    loaded = [load(one) if isinstance(one, str | Path) else one for one in detectors]
    scores = [score_manifest(one, frame) for one in loaded]
    return table(scores, by=by, repeats=repeats, seed=seed)
