"""Integrated gradients: the logit's difference to a baseline, shared out along a straight path."""

import warnings

import numpy as np

from xai.canvas import make_canvas
from xai.gradients import mean_gradients

TOLERANCE = 0.02


def integrated_gradients(subject, *, seed=0, steps=50, fill="mean"):
    """Explain by gradients integrated from a baseline to the clip (midpoint rule).

    Parameters
    ----------
    subject : Subject
        The clips.
    seed : int
        Seed of a random fill.
    steps : int
        Points of the path.
    fill : str
        Baseline, a key of `xai.fills.FILLS`; waveforms start from silence.

    Returns
    -------
    ndarray [n, frames, bands]
        In logits. Completeness is checked: the sum is the clip's logit less the baseline's, or a
        warning says how far it is off.

    Raises
    ------
    UsageError
        If the detector has no gradients.

    Notes
    -----
    Source: M. Sundararajan, A. Taly, Q. Yan, *Axiomatic attribution for deep networks*, ICML
    2017, equations 1 and 3.
    """
    network = subject.network("integrated_gradients")
    start = baselines(subject, fill, seed)
    change = subject.features - start
    along = (np.arange(steps, dtype=np.float32) + 0.5) / steps

    def path(index):
        return start[index] + along.reshape(-1, *[1] * change[index].ndim) * change[index]

    heat = subject.attribution(change, mean_gradients(subject, network, path, steps))
    check_complete(subject, start, heat)
    return heat


def baselines(subject, fill, seed):
    """Return the features of the fill, in the shape of the clips' features."""
    if not subject.planar:
        return np.zeros_like(subject.features)
    fills = [make_canvas(subject, k, None, fill, seed).filling for k in range(len(subject.clips))]
    return np.reshape(fills, subject.features.shape).astype(np.float32)


def check_complete(subject, start, heat):
    """Warn where the maps do not sum to what they share out."""
    want = subject.logits(subject.features) - subject.logits(start)
    gap = np.abs(heat.sum(axis=(1, 2)) - want) / np.maximum(np.abs(want), 1)
    if gap.max() > TOLERANCE:
        clip = subject.clips[int(gap.argmax())].name
        warnings.warn(
            f"integrated gradients of clip {clip} miss {gap.max():.0%} of the logit's change; "
            "use more steps",
            stacklevel=2,
        )
