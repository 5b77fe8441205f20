"""Tables of metrics with intervals by speaker, per attack, and paired differences.

A scores frame has one row per clip: ``name``, ``score``, ``label``, ``attack``, ``speaker``,
``split``; ``seen`` says whether the attack was in training, ``threshold`` is the decision threshold
from the development set (0 where the column is missing). An attack is judged on its spoofs against
all bona fide clips of the split.

Speakers are drawn with replacement, those who speak themselves apart from the voices of speech
engines, so that no draw is left without bona fide clips. An attack with one voice therefore has an
interval that knows nothing about other voices.
"""

import numpy as np
import pandas as pd

from detect.evaluation.metrics import BAYES, evaluate, operating_points
from experiment.bootstrap import group_counts, summarise
from experiment.errors import DataError, UsageError
from experiment.seeds import rng

METRICS = (
    "eer",
    "auc",
    "accuracy",
    "balanced_accuracy",
    "precision",
    "recall",
    "f1",
    "min_dcf",
    "act_dcf",
    "cllr",
)
CELLS = 4_000_000  # weights held at a time: draws times bins
BINS = 4096  # distinct scores; more are put into as many bins, all thresholds on their edges


def is_real(frame, what):
    """Return which rows of a manifest are bona fide.

    Parameters
    ----------
    frame : DataFrame
        A manifest.
    what : str
        Its name in the message.

    Returns
    -------
    ndarray [clips] of bool

    Raises
    ------
    DataError
        If one of the two classes is missing, with the counts.
    """
    real = (frame["label"] == "bonafide").to_numpy()
    if real.all() or not real.any():
        raise DataError(
            f"{what}: {real.sum()} bona fide and {(~real).sum()} spoof clips; both are needed"
        )
    return real


def by_class(scores):
    """Return the scores of bona fide clips and of spoofs, two ndarrays."""
    real = is_real(scores, "scores")
    values = scores["score"].to_numpy(float)
    return values[real], values[~real]


def threshold_of(scores):
    """Return the one decision threshold of a scores frame; 0 where it has none.

    Raises
    ------
    DataError
        If the rows disagree.
    """
    if "threshold" not in scores:
        return 0.0
    values = scores["threshold"].unique()
    if len(values) != 1:
        raise DataError(f"scores of one detector have one threshold. Received: {values[:5]}")
    return float(values[0])


def subsets(scores, by=None):
    """Yield the parts of one split on which a detector is judged.

    Parameters
    ----------
    scores : DataFrame
        Scores of one split.
    by : str, optional
        Column whose values are judged apart: both the bona fide clips and the spoofs of a value.

    Yields
    ------
    kind : str
        all, seen, unseen or attack; or `by`.
    name : str
        The kind, the attack, or the value of `by`.
    part : DataFrame
        All bona fide clips and the spoofs in question.
    """
    real = scores["label"] == "bonafide"
    yield "all", "all", scores
    if "seen" in scores:
        seen = scores["seen"].astype(bool)
        for name, chosen in (("seen", seen), ("unseen", ~seen)):
            if (chosen & ~real).any():
                yield name, name, scores[chosen | real]
    for attack in sorted(scores.loc[~real, "attack"].unique()):
        yield "attack", attack, scores[real | (scores["attack"] == attack)]
    if by is not None:
        for name, part in scores.groupby(by, sort=True):
            if part["label"].nunique() == 2:
                yield by, str(name), part


class Draws:
    """How often each clip counts in each draw of speakers.

    Parameters
    ----------
    scores : DataFrame
        With name, label and speaker; a clip without a speaker is a speaker of its own.
    repeats, seed : int
        Number of draws and their seed.
    """

    def __init__(self, scores, repeats, seed):
        speaker = scores["speaker"].astype(str)
        speaker = speaker.where(speaker != "", scores["name"])
        names, self.inverse = np.unique(speaker, return_inverse=True)
        real = np.bincount(self.inverse, scores["label"] == "bonafide") > 0
        self.counts = group_counts(real, repeats=repeats, seed=seed)

    def metric(self, bonafide, spoof, rows, threshold):
        """Return every metric on every draw, dict of ndarray [repeats].

        Clips of one speaker and one score weigh together. Beyond `BINS` distinct scores, neighbours
        share a bin: an error rate of a draw is then off by less than 1 / `BINS`.

        Parameters
        ----------
        bonafide, spoof : ndarray [n], [m]
            Scores.
        rows : ndarray [n + m] of int
            Where they stand in the frame of the draws.
        threshold : float
            For the metrics of decisions.
        """
        sides = [*_binned(bonafide, spoof, threshold)]
        speakers = np.split(self.inverse[rows], [len(bonafide)])
        tables = [
            _table(speaker, code, self.counts.shape[1], len(values))
            for speaker, (values, code) in zip(speakers, sides, strict=True)
        ]
        step = max(CELLS // sum(len(values) for values, _ in sides), 1)
        parts = [
            evaluate(
                sides[0][0], sides[1][0], threshold, weights=np.hstack([part @ t for t in tables])
            )
            for part in np.split(self.counts, range(step, len(self.counts), step))
        ]
        return {name: np.concatenate([part[name] for part in parts]) for name in METRICS}


def _binned(bonafide, spoof, threshold):
    """Yield for each class its distinct scores (or means of bins), and which of them each has."""
    both = np.concatenate([bonafide, spoof])
    values, code = np.unique(both, return_inverse=True)
    if len(values) > BINS:
        inner = np.quantile(both, np.linspace(0, 1, BINS)[1:-1])
        edges = np.unique([*inner, threshold, BAYES])
        code = np.searchsorted(edges, both, side="right")
        _, code = np.unique(code, return_inverse=True)
        values = np.bincount(code, both) / np.bincount(code)
    for part in np.split(code, [len(bonafide)]):
        present, own = np.unique(part, return_inverse=True)
        yield values[present], own


def _table(speaker, code, speakers, values):
    """Return how many clips each speaker has at each score, sparse [speakers, values]."""
    from scipy.sparse import csr_array

    ones = np.ones(len(code))
    return csr_array((ones, (speaker, code)), shape=(speakers, values))


def _sorted(scores):
    """Bona fide first, then by clip: the same draws for every detector."""
    return scores.sort_values(["label", "name"], ignore_index=True)


def _measure(part, drawn):
    bonafide, spoof = by_class(part)
    threshold = threshold_of(part)
    values = evaluate(bonafide, spoof, threshold)
    return values, drawn.metric(bonafide, spoof, part.index.to_numpy(), threshold)


def table(scores, *, by=None, repeats=500, seed=0, level=0.95):
    """Return every metric of every split, seen and unseen attacks apart, and of each attack.

    Parameters
    ----------
    scores : DataFrame or sequence of DataFrame
        Of one detector, or of several trainings of it on the same clips, of which each number is
        the mean.
    by : str, optional
        A further column, such as codec or gender, whose values are judged apart where they have
        both classes.
    repeats, seed : int
        Draws of speakers, and of trainings where there are several, and their seed.
    level : float
        Nominal coverage of the intervals.

    Returns
    -------
    DataFrame
        One row per number: split, kind, group, metric, value, low, high, bonafide, spoof, speakers,
        trainings, repeats, seed.

    Raises
    ------
    DataError
        If a split has one class only, with the counts, or trainings differ in their clips.
    UsageError
        If there is no column `by`.
    """
    runs = [scores] if isinstance(scores, pd.DataFrame) else list(scores)
    if by is not None and by not in runs[0]:
        raise UsageError(f"no column {by!r}; there are {', '.join(runs[0].columns)}")
    rows = []
    for split in sorted(runs[0]["split"].unique()):
        frames = [_sorted(run[run["split"] == split]) for run in runs]
        is_real(frames[0], f"split {split}")
        _same_clips(frames)
        drawn = Draws(frames[0], repeats, seed)
        for kind, group, part in subsets(frames[0], by):
            where = {"split": split, "kind": kind, "group": group}
            parts = [frame.loc[part.index] for frame in frames]
            rows += [{**where, **row} for row in _rows(parts, drawn, seed, level)]
    return pd.DataFrame(rows)


def _rows(parts, drawn, seed, level):
    first = parts[0]
    real = int((first["label"] == "bonafide").sum())
    speakers = len(np.unique(drawn.inverse[first.index]))
    measured = [_measure(part, drawn) for part in parts]
    for metric in METRICS:
        value = float(np.mean([values[metric] for values, _ in measured]))
        sample = _mean_of_drawn([sample[metric] for _, sample in measured], seed)
        found = summarise(value, sample, len(first), speakers, level=level, seed=seed)
        yield {
            "metric": metric,
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "bonafide": real,
            "spoof": len(first) - real,
            "speakers": speakers,
            "trainings": len(parts),
            "repeats": found.repeats,
            "seed": seed,
        }


def _mean_of_drawn(samples, seed):
    """Return the mean over trainings drawn with replacement, afresh in each draw, [repeats]."""
    samples = np.asarray(samples)
    count, repeats = samples.shape
    picked = rng(seed, "trainings").integers(count, size=(repeats, count))
    return samples[picked, np.arange(repeats)[:, None]].mean(axis=1)


def _same_clips(frames):
    first = frames[0]
    for other in frames[1:]:
        if list(other["name"]) != list(first["name"]):
            only = len(set(first["name"]) ^ set(other["name"]))
            raise DataError(
                f"scores to be compared are of the same clips; received {len(first)} and "
                f"{len(other)}, of which {only} are in one set only"
            )


def paired_differences(pairs, metrics=METRICS, *, repeats=1000, seed=0, level=0.95):
    """Return how much metrics change from the first to the second of each pair.

    Parameters
    ----------
    pairs : sequence of (DataFrame, DataFrame)
        Scores of two ways of training on the same clips; one pair per training seed. A frame that
        stands in several pairs is measured once.
    metrics : sequence of str
        Of `METRICS`.
    repeats, seed : int
        Draws, and their seed. Each draw takes speakers with replacement, the same for all pairs,
        and pairs with replacement.
    level : float
        Nominal coverage.

    Returns
    -------
    dict of str to Interval
        Of each metric, the mean over the pairs of second minus first.

    Raises
    ------
    DataError
        If the score sets are not about the same clips.
    """
    (found,) = differences_from([pair[0] for pair in pairs], [[pair[1] for pair in pairs]], metrics,
                                repeats=repeats, seed=seed, level=level)  # fmt: skip
    return found


def differences_from(first, others, metrics=METRICS, *, repeats=1000, seed=0, level=0.95):
    """Yield the paired differences of several sets of trainings from one, measured once.

    Parameters
    ----------
    first : sequence of DataFrame
        Scores of the trainings that the others are compared with.
    others : sequence of sequence of DataFrame
        Trainings in the same order, on the same clips.
    metrics, repeats, seed, level
        As for `paired_differences`.

    Yields
    ------
    dict of str to Interval
        As of `paired_differences`, for each of `others`.
    """
    first = [_sorted(scores) for scores in first]
    drawn = Draws(first[0], repeats, seed)
    _same_clips(first)
    base = [_measure(scores, drawn) for scores in first]
    speakers = drawn.counts.shape[1]
    for runs in others:
        runs = [_sorted(scores) for scores in runs]
        _same_clips([first[0], *runs])
        measured = [_measure(scores, drawn) for scores in runs]
        changes = list(zip(base, measured, strict=True))
        yield {
            metric: summarise(
                float(np.mean([now[metric] - was[metric] for (was, _), (now, _) in changes])),
                _mean_of_drawn([now[metric] - was[metric] for (_, was), (_, now) in changes], seed),
                len(first[0]), speakers, level=level, seed=seed,
            )
            for metric in metrics
        }  # fmt: skip


def confusion(scores):
    """Return the counts of decisions at the threshold from dev.

    Parameters
    ----------
    scores : DataFrame
        Of one detector.

    Returns
    -------
    DataFrame [2, 2] of int
        Rows: what a clip is; columns: what it is called; each bona fide, then spoof.
    """
    names = ["bonafide", "spoof"]
    called = np.where(scores["score"] >= threshold_of(scores), *names)
    counts = pd.crosstab(scores["label"].to_numpy(), called)
    return counts.reindex(index=names, columns=names, fill_value=0)


def det_band(scores, false_alarm, *, repeats=500, seed=0, level=0.95):
    """Return the miss rate at given false alarm rates, with its interval by speaker.

    Parameters
    ----------
    scores : DataFrame
        Of one detector and one split.
    false_alarm : ndarray [k]
        Rates in (0, 1).
    repeats, seed : int
        Draws of speakers, and their seed.
    level : float
        Nominal coverage, at each rate for itself.

    Returns
    -------
    ndarray [3, k]
        Lower end, value, upper end.
    """
    scores = _sorted(scores)
    bonafide, spoof = by_class(scores)
    drawn = Draws(scores, repeats, seed)
    sample = []
    for counts in drawn.counts:
        points = operating_points(bonafide, spoof, weights=counts[drawn.inverse])
        sample.append(np.interp(false_alarm, points.false_alarm[::-1], points.miss[::-1]))
    points = operating_points(bonafide, spoof)
    value = np.interp(false_alarm, points.false_alarm[::-1], points.miss[::-1])
    low, high = np.nanquantile(sample, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return np.stack([low, value, high])
