"""Scores judged in every way that the field asks for, in one call."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from detect.evaluation.intervals import by_class, table
from detect.evaluation.metrics import area_under_roc
from detect.evaluation.tandem import KINDS, min_adcf, min_tdcf, speaker_verifier, tandem_eer
from detect.evaluation.within import world
from experiment.errors import DataError

PROBABILITIES = (
    "all scores lie between 0 and 1 and look like probabilities: Cllr and actDCF take scores for "
    "natural log-likelihood ratios; --scale probability takes their logits"
)
REVERSED = (
    "AUC {auc:.3f}: the scores look reversed, as if higher meant spoof; --scale reversed turns "
    "them round"
)
SCALES = ("llr", "probability", "reversed")
CLIP = 1e-12  # a probability of 0 or 1 counts as so far from it


@dataclass(frozen=True)
class Judgement:
    """What a set of scores is worth.

    Attributes
    ----------
    rows : DataFrame
        From `detect.evaluation.intervals.table`: every metric of every split, group and attack.
    world : DataFrame
        From `detect.evaluation.within.world`: within a source, a speaker, a text.
    tandem : dict of str to float
        t-DCF of each edition, where scores of a speaker verifier were given; a-DCF and t-EER where
        the protocol knows target, nontarget and spoof and the file has their scores.
    shortcuts : DataFrame or None
        What trivial features alone would reach; None where that could not be measured.
    notes : tuple of str
        What a reader of the numbers must know.
    localisation : dict or None
        Point EER, range EER and F1 of overlaps, where a detector judges frames and the truth names
        parts.
    """

    rows: pd.DataFrame
    world: pd.DataFrame
    tandem: dict = field(default_factory=dict)
    shortcuts: pd.DataFrame | None = None
    notes: tuple = ()
    localisation: dict | None = None


def rescaled(scores, scale="llr"):
    """Return scores that are higher for bona fide and, where that can be, logarithmic.

    Parameters
    ----------
    scores : DataFrame
        With a column ``score``.
    scale : {"llr", "probability", "reversed"}
        What the scores are: as they should be, probabilities of bona fide, or higher for spoof.

    Returns
    -------
    DataFrame

    Raises
    ------
    DataError
        If probabilities do not lie between 0 and 1.
    """
    values = scores["score"].astype(float)
    if scale == "reversed":
        return scores.assign(score=-values)
    if scale == "llr":
        return scores
    if not values.between(0, 1).all():
        span = f"{values.min():.3g} to {values.max():.3g}"
        raise DataError(f"scores from {span} are no probabilities")
    kept = values.clip(CLIP, 1 - CLIP)
    return scores.assign(score=np.log(kept) - np.log1p(-kept))


def prepared(scores, threshold=None, scale="llr"):
    """Return scores with a decision threshold, on the scale of log-likelihood ratios.

    Parameters
    ----------
    scores : DataFrame
        With a column ``score``.
    threshold : float, optional
        From a development set; by default that of the frame, or 0.
    scale : {"llr", "probability", "reversed"}
        See `rescaled`.
    """
    if threshold is not None or "threshold" not in scores:
        scores = scores.assign(threshold=threshold or 0.0)
    return rescaled(scores, scale)


def suspicions(scores):
    """Yield what looks wrong with scores: probabilities, or the wrong way round.

    Parameters
    ----------
    scores : DataFrame
        With score and label.

    Yields
    ------
    str
        One sentence each.
    """
    if scores["score"].between(0, 1).all():
        yield PROBABILITIES
    auc = float(area_under_roc(*by_class(scores)))
    if auc < 0.45:
        yield REVERSED.format(auc=auc)


def judged(
    scores,
    *,
    by=None,
    asv=None,
    audit=True,
    most=300,
    repeats=500,
    seed=0,
    localisation=None,
    told=(),
):
    """Return everything that can be said of scores.

    Parameters
    ----------
    scores : DataFrame
        A scores frame; see `detect.evaluation.intervals`.
    by : str, optional
        A further column whose values are judged apart.
    asv : dict of str to ndarray, optional
        Scores of a speaker verifier, from `detect.evaluation.tandem.read_asv`.
    audit : bool
        Where the scores tell the paths of the clips, measure what trivial features alone reach.
    most : int
        Clips at most of each split, class and attack in that audit.
    repeats, seed : int
        Of the bootstrap.
    localisation : dict, optional
        What a detector reaches on the parts that the clips name, from
        `detect.use.locating.located`.
    told : sequence of str
        Notes that come first: where the scores are from.

    Returns
    -------
    Judgement
        An audit that cannot be made is a note, never the loss of the metrics.
    """
    scores = scores.copy()
    scores.attrs = {}  # tables beside a frame get in the way of joining its parts
    notes = [*told, *suspicions(scores)]
    rows = table(scores, by=by, repeats=repeats, seed=seed)
    shortcuts = None
    if audit and "path" in scores:
        try:
            shortcuts = _audited(scores, most, repeats, seed)
        except DataError as error:
            notes.append(f"shortcuts are not audited: {error}")
    return Judgement(
        rows,
        world(scores, repeats=repeats, seed=seed),
        {**(_tandem(scores, asv) if asv else {}), **_sasv(scores)},
        shortcuts,
        tuple(notes),
        localisation,
    )


def _tandem(scores, asv):
    verifier = speaker_verifier(asv["target"], asv["nontarget"], asv["spoof"])
    sides = by_class(scores)
    return {
        f"min t-DCF ({edition})": float(min_tdcf(*sides, verifier, version=edition))
        for edition in (2019, 2021)
    }


def _sasv(scores):
    """Return a-DCF and concurrent t-EER of trials that a verifier and a detector scored."""
    if "trial" not in scores or set(scores["trial"]) != set(KINDS):
        return {}
    found = {}
    if "sasv" in scores:
        found["min a-DCF"] = min_adcf(*(_of_trials(scores, "sasv")[kind] for kind in KINDS))
    if "asv" in scores:
        found["t-EER"] = tandem_eer(_of_trials(scores, "asv"), _of_trials(scores, "score"))
    return found


def _of_trials(scores, column):
    return {kind: scores.loc[scores["trial"] == kind, column].to_numpy(float) for kind in KINDS}


def _audited(scores, most, repeats, seed):
    from detect.evaluation.audit import examine
    from detect.evaluation.explained import explained

    found = examine(scores, ("all",), most=most, repeats=repeats, seed=seed)
    return explained(scores, found.clips, repeats=repeats, seed=seed)
