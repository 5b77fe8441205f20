"""The measures that a comparison can hold, each as rows of a table.

To add one: one function here and one line in `METRICS`. It takes two comparable `Embeddings`, a
seed and a number of draws.
"""

from fad.distance import coverage, infinity
from fad.distance.kad import kad
from fad.distance.scoring import score


def frechet(reference, evaluated, seed, repeats):
    """Frechet Audio Distance of the sets as they are; falls with their size."""
    return [row("fad", score(reference, evaluated, seed, repeats).interval)]


def extrapolated(reference, evaluated, seed, repeats):
    """FAD-infinity: the distance that infinitely large sets would have."""
    found = infinity.fad_infinity(reference, evaluated, seed, repeats)
    fit = {"parts": found.parts, "distances": found.distances, "slope": found.slope}
    return [row("infinity", found.interval, fit=fit, warnings=found.warnings)]


def kernel(reference, evaluated, seed, repeats):
    """Kernel Audio Distance, unbiased at any size, with a permutation p value."""
    found = kad(reference, evaluated, seed, repeats)
    return [row("kad", found.interval, p=found.p, bandwidth=found.bandwidth)]


def neighbours(reference, evaluated, seed, repeats):
    """Precision, recall, density and coverage."""
    found = coverage.prdc(reference, evaluated, seed, repeats)
    return [row(name, interval) for name, interval in found.items()]


def row(name, interval, **more):
    """Return one row: metric, value, low, high, and what else is known."""
    return {
        "metric": name,
        "value": interval.value,
        "low": interval.low,
        "high": interval.high,
        **more,
    }


METRICS = {"fad": frechet, "infinity": extrapolated, "kad": kernel, "prdc": neighbours}
