"""Partial fakes: stretches of a copy spliced into its original where the speaker pauses.

A copy has the words and timing of its original, so any stretch of it fits. Cuts lie where the
sound is quietest, are cross-faded, and each stretch is brought to the level of what it replaces:
the joint itself should tell nothing.
"""

from dataclasses import dataclass

import numpy as np

from audio.dsp import rms
from audio.segments import text_of
from experiment.errors import DataError

FADE = 0.010  # seconds of a cross-fade
FRAME = 0.020  # seconds in which the level is measured
SHORTEST, LONGEST = 0.3, 2.0  # seconds of a spliced stretch
MARGIN = 0.1  # seconds at either end that stay as they are
MOST_GAIN = 10.0


@dataclass(frozen=True, eq=False)
class Spliced:
    """A partial fake.

    Attributes
    ----------
    samples : ndarray [n] of float32
        As long as the original.
    segments : str
        Which parts are spoof; see `audio.segments`.
    """

    samples: np.ndarray
    segments: str


def splice(original, copy, rate, generator, stretches=1):
    """Replace stretches of a recording by those of its copy.

    Parameters
    ----------
    original, copy : ndarray [n] of float32
        The same words at the same times.
    rate : int
        In Hz.
    generator : numpy.random.Generator
        Draws which stretches.
    stretches : int
        At most so many.

    Returns
    -------
    Spliced

    Raises
    ------
    DataError
        If the two differ in length, or are too short for a stretch.
    """
    if len(original) != len(copy):
        raise DataError(f"{len(original)} samples and a copy of {len(copy)}; a copy is as long")
    cuts = pauses(original, rate)
    spans = _drawn(cuts, rate, generator, stretches)
    if not spans:
        raise DataError(f"{len(original) / rate:.2f} s are too short for a splice")
    gate = np.zeros(len(original))
    samples = np.asarray(copy, float).copy()
    for start, stop in spans:
        gain = rms(original[start:stop]) / max(rms(copy[start:stop]), 1e-9)
        samples[start:stop] *= min(gain, MOST_GAIN)
        gate[start:stop] = 1
    width = max(round(FADE * rate), 1)
    gate = np.convolve(np.pad(gate, width, mode="edge"), np.ones(width) / width, mode="same")
    gate = gate[width:-width]
    mixed = original * (1 - gate) + samples * gate
    edges = np.unique([0, *np.ravel(spans), len(original)])
    inside = np.isin(edges[:-1], [start for start, _ in spans])
    return Spliced(mixed.astype(np.float32), text_of(edges / rate, inside))


def pauses(samples, rate):
    """Return the samples where the sound is quietest: local minima of the level.

    Parameters
    ----------
    samples : ndarray [n]
    rate : int
        In Hz.

    Returns
    -------
    ndarray [k] of int
        Rising; at least a tenth of a second from either end.
    """
    size = round(FRAME * rate)
    count = len(samples) // size
    level = np.log(rms(np.reshape(samples[: count * size], (count, size))) + 1e-6)
    smooth = np.convolve(np.pad(level, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    inner = (smooth[1:-1] <= smooth[:-2]) & (smooth[1:-1] <= smooth[2:])
    quiet = smooth[1:-1] < np.median(smooth)
    found = (np.flatnonzero(inner & quiet) + 1.5) * size
    edge = MARGIN * rate
    return found[(found > edge) & (found < len(samples) - edge)].astype(int)


def _drawn(cuts, rate, generator, stretches):
    """Return disjoint pairs of cuts that are far enough apart, in the order of time."""
    gaps = cuts[None, :] - cuts[:, None]
    fitting = np.argwhere((gaps >= SHORTEST * rate) & (gaps <= LONGEST * rate))
    spans = []
    for first, last in cuts[generator.permutation(fitting)]:
        if all(last < start or first > stop for start, stop in spans):
            spans.append((int(first), int(last)))
        if len(spans) == stretches:
            break
    return sorted(spans)
