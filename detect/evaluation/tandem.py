"""A detector in front of a speaker verifier, and the two as one: t-DCF, a-DCF and t-EER.

Conventions are those of `detect.evaluation.metrics`: higher scores accept, a score at the threshold
is accepted, equal scores are one operating point.
"""

from dataclasses import dataclass

import numpy as np

from audio.protocols import fields
from detect.evaluation.metrics import operating_points, validate
from experiment.errors import DataError, UsageError

TARGET, IMPOSTOR, SPOOFED = 0.9405, 0.0095, 0.05  # priors of the ASVspoof challenges
COST_MISS, COST_FALSE_ALARM = 1.0, 10.0
KINDS = ("target", "nontarget", "spoof")
GRID = 2000  # thresholds of the verifier that are tried; more distinct scores are thinned evenly


@dataclass(frozen=True)
class SpeakerVerifier:
    """Errors of the speaker verification system that a detector protects.

    Attributes
    ----------
    miss : float
        Share of target speakers that it rejects.
    false_alarm : float
        Share of impostors that it accepts.
    miss_spoof : float
        Share of spoofs that it rejects.
    """

    miss: float
    false_alarm: float
    miss_spoof: float


def speaker_verifier(target, nontarget, spoof):
    """Return the errors of a speaker verification system at the threshold of its own EER.

    Parameters
    ----------
    target, nontarget, spoof : array_like
        Its scores of target speakers, impostors and spoofs.

    Returns
    -------
    SpeakerVerifier
    """
    points = operating_points(target, nontarget)
    at = int(points.crossing)
    spoof = np.asarray(spoof, float)
    rejected = float(np.mean(spoof < points.thresholds[at]))
    return SpeakerVerifier(float(points.miss[at]), float(points.false_alarm[at]), rejected)


def min_tdcf(bonafide, spoof, verifier, version=2021, *, weights=None):
    """Return the least tandem detection cost of a detector in front of a speaker verifier.

    Parameters
    ----------
    bonafide, spoof : array_like [n], [m]
        Scores of the detector.
    verifier : SpeakerVerifier
        Errors of the system behind it.
    version : {2019, 2021}
        Which edition of ASVspoof defines it.
    weights : ndarray [..., n + m], optional
        See the conventions above.

    Returns
    -------
    ndarray [...]

    Notes
    -----
    Priors: target .9405, impostor .0095, spoof .05; costs: miss 1, false alarm 10. Source:
    T. Kinnunen et al., *Tandem assessment of spoofing countermeasures and ASV*, IEEE/ACM TASLP 28,
    2020 (2021 edition); the same authors, Odyssey 2018 (2019 edition).
    """
    points = operating_points(bonafide, spoof, weights=weights)
    alone = TARGET * COST_MISS * verifier.miss + IMPOSTOR * COST_FALSE_ALARM * verifier.false_alarm
    of_spoof = SPOOFED * COST_FALSE_ALARM * (1 - verifier.miss_spoof)
    of_miss = TARGET * COST_MISS - alone
    if version not in (2019, 2021):
        raise UsageError(f"t-DCF is that of 2019 or 2021. Received: {version}")
    if of_miss < 0 or of_spoof < 0:
        raise DataError(f"t-DCF is undefined for a verifier that is worse than none: {verifier}")
    base = alone if version == 2021 else 0
    cost = base + of_miss * points.miss + of_spoof * points.false_alarm
    return cost.min(axis=-1) / (base + min(of_miss, of_spoof))


def min_adcf(target, nontarget, spoof):
    """Return the least architecture-agnostic detection cost of scores that decide in one step.

    Parameters
    ----------
    target, nontarget, spoof : array_like
        Scores of a spoofing-robust speaker verifier (SASV): of the claimed speaker, of impostors,
        and of spoofs.

    Returns
    -------
    float
        Normalised by the better of accepting and rejecting everything.

    Notes
    -----
    Priors and costs are those of ASVspoof 5, track 2. Source: H. Shim et al., *a-DCF: an
    architecture agnostic metric with application to spoofing-robust speaker verification*, Odyssey
    2024, equations 3 and 4.

    Examples
    --------
    >>> min_adcf([2.0, 3.0], [0.0, -1.0], [-2.0, 1.0])
    0.0
    """
    target, nontarget = validate(target, nontarget)
    target, spoof = validate(target, spoof)
    thresholds = np.append(np.unique(np.concatenate([target, nontarget, spoof])), np.inf)
    miss, of_nontarget, of_spoof = (
        np.searchsorted(np.sort(scores), thresholds) / len(scores)
        for scores in (target, nontarget, spoof)
    )
    cost = TARGET * COST_MISS * miss + COST_FALSE_ALARM * (
        IMPOSTOR * (1 - of_nontarget) + SPOOFED * (1 - of_spoof)
    )
    reject, accept = TARGET * COST_MISS, COST_FALSE_ALARM * (IMPOSTOR + SPOOFED)
    return float(cost.min() / min(reject, accept))


def tandem_eer(asv, cm):
    """Return the concurrent tandem equal error rate of a verifier and a detector.

    Both must accept. Over all pairs of thresholds, the one where misses, accepted impostors and
    accepted spoofs have rates as equal as the scores allow.

    Parameters
    ----------
    asv, cm : dict of str to array_like
        Scores ``target``, ``nontarget`` and ``spoof`` of the verifier and of the detector, trial by
        trial in the same order.

    Returns
    -------
    float
        Mean of the three rates there.

    Raises
    ------
    DataError
        If the two systems scored different numbers of trials.

    Notes
    -----
    The rates are counted on the trials: nothing is assumed about the independence of the two
    systems. Source: T. Kinnunen et al., *t-EER: parameter-free tandem evaluation of countermeasures
    and biometric comparators*, IEEE TPAMI 46(5), 2024, section 4 (concurrent t-EER).
    """
    asv, cm = ({k: np.asarray(scores[k], float) for k in KINDS} for scores in (asv, cm))
    for kind in KINDS:
        if len(asv[kind]) != len(cm[kind]) or not len(cm[kind]):
            raise DataError(
                f"{kind}: {len(asv[kind])} scores of the verifier, {len(cm[kind])} of the "
                "detector; both score every trial"
            )
    thresholds = np.append(np.unique(np.concatenate(list(cm.values()))), np.inf)
    spread, rate = np.inf, np.nan
    for threshold in _grid(asv):
        accepted = {kind: cm[kind][asv[kind] >= threshold] for kind in KINDS}
        rates = _rates(accepted, cm, thresholds)
        gaps = np.ptp(rates, axis=0)
        best = int(gaps.argmin())
        if gaps[best] < spread:
            spread, rate = gaps[best], float(rates[:, best].mean())
    return rate


def _grid(asv):
    values = np.unique(np.concatenate(list(asv.values())))
    if len(values) <= GRID:
        return values
    return values[np.linspace(0, len(values) - 1, GRID).astype(int)]


def _rates(accepted, cm, thresholds):
    """Return misses, impostors and spoofs accepted at each threshold of the detector, [3, k]."""
    passed = {
        kind: (len(scores) - np.searchsorted(np.sort(scores), thresholds)) / len(cm[kind])
        for kind, scores in accepted.items()
    }
    return np.stack([1 - passed["target"], passed["nontarget"], passed["spoof"]])


def read_asv(path):
    """Read the scores of a speaker verifier in the form of the ASVspoof challenges.

    Parameters
    ----------
    path : str or Path
        Lines ``attack key score`` (2019) or longer ones (2021); one of the columns is the key
        (target, nontarget or spoof), the last one the score.

    Returns
    -------
    dict of str to ndarray
        ``target``, ``nontarget``, ``spoof``.

    Raises
    ------
    DataError
        If a kind of trial is missing or a score is no number.
    """
    found = {kind: [] for kind in KINDS}
    for number, row in enumerate(fields(path), start=1):
        kind = next((word for word in row if word in KINDS), None)
        try:
            found[kind].append(float(row[-1]))
        except (ValueError, KeyError):
            raise DataError(
                f"{path}, line {number}: expected a key of {', '.join(KINDS)} and a score last; "
                f"received {' '.join(row)[:80]!r}"
            ) from None
    gone = [kind for kind in KINDS if not found[kind]]
    if gone:
        raise DataError(f"{path}: no trials of {', '.join(gone)}; t-DCF needs all three")
    return {kind: np.array(values) for kind, values in found.items()}
