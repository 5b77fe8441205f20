"""The FAD of two sets of embeddings with everything that a reader of the number must know."""

from dataclasses import asdict, dataclass

from experiment.bootstrap import Interval
from fad import influence
from fad.frechet import check, factor, frechet_distance
from fad.types import Dropped, comparable


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
    """

    distance: float
    interval: Interval
    identity: dict
    reference: Side
    evaluated: Side
    warnings: tuple[str, ...]

    def to_dict(self):
        """Return all fields as plain values, with the number of dropped clips of each side."""
        return asdict(self)


def score(reference, evaluated, seed=0, repeats=1000, level=0.95):
    """Return the FAD of a set against a reference.

    Parameters
    ----------
    reference, evaluated : Embeddings
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
    Kilgour et al. 2019, "Frechet Audio Distance"; interval: see `fad.influence`.
    """
    comparable(reference, evaluated)
    sample = sum(
        influence.draws(part, repeats, side, seed=seed)
        for side, part in zip(("reference", "evaluated"), shares(reference, evaluated), strict=True)
    )
    distance = frechet_distance(reference.array, evaluated.array)
    return Score(
        distance,
        influence.interval(distance, sample, evaluated.n_clips, level, seed),
        reference.identity,
        side(reference),
        side(evaluated),
        tuple([*warnings("reference", reference), *warnings("evaluated", evaluated)]),
    )


def shares(reference, evaluated):
    """Return what each clip of either set adds to the distance, to first order.

    Parameters
    ----------
    reference, evaluated : Embeddings
        Comparable.

    Returns
    -------
    of_reference : ndarray [clips]
        In the order of the sorted ids; the sum is zero.
    of_evaluated : ndarray [clips]
        The same.
    """
    x, y = check(reference.array, "reference"), check(evaluated.array, "evaluated")
    shift = x.mean(axis=0) - y.mean(axis=0)
    first, second = influence.transport(factor(x), factor(y))
    return (
        influence.by_clip(influence.influence(x, x.mean(axis=0), shift, first), reference.clips),
        influence.by_clip(influence.influence(y, y.mean(axis=0), -shift, second), evaluated.clips),
    )


def side(embeddings):
    """Return the `Side` of a set."""
    return Side(
        embeddings.n_clips, len(embeddings.array), embeddings.seconds, tuple(embeddings.dropped)
    )


def warnings(name, embeddings):
    """Yield what a reader should know about one side.

    Parameters
    ----------
    name : str
        How to call it.
    embeddings : Embeddings
        The set.

    Yields
    ------
    str
        One sentence each.
    """
    windows, dimensions = embeddings.array.shape
    if windows <= dimensions:
        yield (
            f"{name}: {windows} windows for {dimensions} dimensions, the covariance is singular "
            "and the distance is biased upwards; compare only with sets of the same size"
        )
    if embeddings.dropped:
        yield f"{name}: {len(embeddings.dropped)} clips dropped"
