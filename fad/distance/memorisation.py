"""Whether a generator repeats its training set: nearest training clips beside a held-out baseline.

How near is too near depends on the voice and the embedding, so the yardstick is how near real clips
that the generator never saw come to the training set.

Source: Gulrajani, Raffel and Metz 2019, section 5; van den Burg and Williams 2021, section 3.
"""

from dataclasses import dataclass

import numpy as np

from experiment.bootstrap import Interval
from experiment.errors import DataError
from fad.distance import influence

SHARE = 0.05
BLOCK = 1024


@dataclass(frozen=True)
class Memorisation:
    """How near generated clips come to training clips.

    Attributes
    ----------
    interval : experiment.bootstrap.Interval
        Share of evaluated clips that are nearer to the training set than all but 5 % of the
        held-out clips are; 0.05 is expected of a generator that does not repeat.
    p : float
        One-sided, of the evaluated clips being nearer than the held-out ones (Mann-Whitney).
    held_out : float
        Median distance of held-out clips to the training set.
    evaluated : float
        The same of evaluated clips.
    pairs : list of dict
        ``name``, ``nearest``, ``distance`` of each evaluated clip, the nearest first.
    """

    interval: Interval
    p: float
    held_out: float
    evaluated: float
    pairs: list


def memorisation(training, held_out, evaluated, seed=0, repeats=1000, level=0.95):
    """Compare nearest training clips of evaluated and of held-out clips.

    Parameters
    ----------
    training, held_out, evaluated : Embeddings
        One embedding; the training set may be cut more densely than the others.
    seed : int
        Seed of the interval.
    repeats : int
        Draws behind the interval.
    level : float
        Nominal coverage.

    Returns
    -------
    Memorisation
        Share, p value and the pairs to listen to.

    Raises
    ------
    DataError
        If the weights differ or a set is empty.
    """
    from scipy.stats import mannwhitneyu

    _same_network(training, held_out, evaluated)
    baseline = [row["distance"] for row in nearest_training(training, held_out)]
    pairs = nearest_training(training, evaluated)
    distances = np.array([row["distance"] for row in pairs])
    near = (distances < np.quantile(baseline, SHARE)).astype(float)
    names = np.array([row["name"] for row in pairs])
    sample = influence.redraw("memorisation", near, names, repeats, seed)
    return Memorisation(
        influence.interval(float(near.mean()), sample, len(near), level, seed),
        float(mannwhitneyu(distances, baseline, alternative="less").pvalue),
        float(np.median(baseline)),
        float(np.median(distances)),
        pairs,
    )


def _same_network(*sets):
    if len({(one.name, one.digest) for one in sets}) > 1:
        raise DataError("memorisation: the three sets were embedded by different networks")
    if not all(one.n_windows for one in sets):
        raise DataError("memorisation: one of the three sets is empty")


def nearest_training(training, queries):
    """Return the nearest training clip of each query clip.

    Parameters
    ----------
    training, queries : Embeddings
        Of one embedding.

    Returns
    -------
    list of dict
        ``name``, ``nearest`` and ``distance`` (1 - correlation of their closest windows), the
        nearest first.
    """
    known = _directions(training.array)
    index, distance = [], []
    for start in range(0, queries.n_windows, BLOCK):
        similar = _directions(queries.array[start : start + BLOCK]) @ known.T
        index.append(similar.argmax(axis=1))
        distance.append(1 - similar.max(axis=1))
    index, distance = np.concatenate(index), np.concatenate(distance)
    best = {}
    for row in np.argsort(distance, kind="stable"):
        pair = {"nearest": str(training.clips[index[row]]), "distance": float(distance[row])}
        best.setdefault(str(queries.clips[row]), pair)
    return [{"name": clip, **pair} for clip, pair in best.items()]


def _directions(array):
    centred = array - array.mean(axis=1, keepdims=True)
    return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-12)
