"""The FAD of two sets of embeddings with everything that a reader of the number must know."""

from dataclasses import asdict, dataclass, field

import numpy as np

from experiment.bootstrap import Interval
from fad.distance import influence
from fad.distance.blas_threads import suited_to
from fad.distance.frechet import assemble, check, factor, root
from fad.embeddings.types import Dropped, Embeddings, comparable


@dataclass(frozen=True)
class Side:
    """How much sound one side of a comparison rests on.

    Attributes
    ----------
    clips, windows : int
        Counts.
    seconds : float
        Duration of the clips.
    dropped : tuple of Dropped
        Clips that were left out, with the reason.
    """

    clips: int
    windows: int
    seconds: float
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True)
class Score:
    """A Frechet Audio Distance.

    Attributes
    ----------
    distance : float
        The squared Frechet distance, as all FADs are reported.
    interval : experiment.bootstrap.Interval
        What other draws of as many clips would give.
    identity : dict
        Embedding, weights, preset and rate.
    reference, evaluated : Side
        What it rests on.
    warnings : tuple of str
        What a reader should be told.
    sample : ndarray [repeats]
        What redrawing the clips adds to the distance, for comparisons of scores.
    """

    distance: float
    interval: Interval
    identity: dict
    reference: Side
    evaluated: Side
    warnings: tuple[str, ...]
    sample: np.ndarray = field(repr=False, compare=False)

    def to_dict(self):
        """Return all fields but the sample as plain values."""
        return {key: value for key, value in asdict(self).items() if key != "sample"}


def score(reference, evaluated, seed=0, repeats=1000, level=0.95):
    """Return the FAD of a set against a reference.

    Parameters
    ----------
    reference : Embeddings or fad.distance.reference.Reference
        Where it is saved statistics, the interval is that of the evaluated side alone.
    evaluated : Embeddings
        Of the same embedding, weights, preset and rate.
    seed : int
        Seed of the interval.
    repeats : int
        Draws behind the interval; clips are drawn, not windows.
    level : float
        Nominal coverage.

    Returns
    -------
    Score
        Distance, interval, counts, and what was dropped.

    Raises
    ------
    DataError
        If the sets are not comparable or one has fewer than two windows.

    Source
    ------
    Kilgour et al. 2019, "Frechet Audio Distance"; interval: see `fad.distance.influence`.
    """
    comparable(reference, evaluated)
    with suited_to(evaluated.dimensions, reference.n_windows, evaluated.n_windows):
        distance, sample = _measured(reference, evaluated, repeats, seed)
    return Score(
        distance,
        influence.interval(distance, sample, evaluated.n_clips, level, seed),
        reference.identity,
        side(reference),
        side(evaluated),
        (*warnings("reference", reference), *warnings("evaluated", evaluated)),
        sample,
    )


def _measured(reference, evaluated, repeats, seed):
    (mean, a), (other, b) = moments(reference, "reference"), moments(evaluated, "evaluated")
    shift = mean - other
    overlap, *forms = influence.transport(a, b)
    sample = _redraw("evaluated", evaluated, -shift, forms[1], repeats, seed)
    if isinstance(reference, Embeddings):
        sample = sample + _redraw("reference", reference, shift, forms[0], repeats, seed)
    return assemble(shift, a, b, overlap), sample


def moments(embeddings, name):
    """Return the mean [d] of a set and a factor [k, d] of its covariance."""
    if not isinstance(embeddings, Embeddings):
        return embeddings.gaussian.mean, root(embeddings.gaussian)
    array = check(embeddings.array, name)
    return array.mean(axis=0), factor(array)


def _redraw(name, embeddings, shift, form, repeats, seed):
    values = influence.influence(embeddings.array, shift, form)
    return influence.redraw(name, values, embeddings.clips, repeats, seed)


def side(embeddings):
    """Return the `Side` of a set."""
    return Side(
        embeddings.n_clips, embeddings.n_windows, embeddings.seconds, tuple(embeddings.dropped)
    )


def warnings(name, embeddings):
    """Yield what a reader should know about one side.

    Parameters
    ----------
    name : str
        How to call it.
    embeddings : Embeddings or fad.distance.reference.Reference
        The set.

    Yields
    ------
    str
        One sentence each.
    """
    count, dimensions = embeddings.n_windows, embeddings.dimensions
    if count <= dimensions:
        yield (
            f"{name}: {count} windows for {dimensions} dimensions, the covariance is singular "
            "and the distance is biased upwards; compare only with sets of the same size"
        )
    if embeddings.dropped:
        yield f"{name}: {len(embeddings.dropped)} clips dropped"
