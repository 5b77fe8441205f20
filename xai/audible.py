"""Evidence to listen to: what the detector heard, and what is left."""

from dataclasses import dataclass

import numpy as np

from experiment.errors import UsageError
from xai import transform


@dataclass(frozen=True, eq=False)
class Audible:
    """A clip in two parts that sum to it.

    Attributes
    ----------
    heard, left : ndarray [samples] of float32
        The evidence alone, and the clip without it.
    whole : ndarray [samples] of float32
        The part of the clip that the front end looks at.
    rate : int
        In Hz.
    scores : dict
        Log-likelihood ratio of ``whole``, ``heard`` and ``left``; higher is bona fide.
    share : float
        Share of the plane that was heard.
    """

    heard: np.ndarray
    left: np.ndarray
    whole: np.ndarray
    rate: int
    scores: dict
    share: float


def audible(detector, clip, explanation, share=0.2):
    """Split a clip into its strongest evidence and the rest, and score both.

    The short-time Fourier transform is masked, its phase kept, and resynthesised.

    Parameters
    ----------
    detector : detect.use.detector.Detector
        The detector that was explained.
    clip : Clip
        The clip that was explained.
    explanation : Explanation
        Its map; only evidence for the target counts.
    share : float
        Largest share of the plane to keep as evidence.

    Returns
    -------
    Audible
        ``heard + left`` is ``whole`` to the precision of float32.

    Raises
    ------
    UsageError
        If the explanation is of another clip.
    """
    if explanation.name != clip.name:
        raise UsageError(f"the explanation is of clip {explanation.name}, not of {clip.name}")
    front = detector.front_end
    whole = front.fit(clip.samples)
    heat = on_transform(explanation, len(whole), front.rate)
    level = max(np.quantile(heat, 1 - share), np.finfo(np.float32).tiny)
    mask = heat >= level
    heard = transform.inverse(mask * transform.forward(whole), len(whole)).astype(np.float32)
    parts = {"whole": whole, "heard": heard, "left": whole - heard}
    scored = detector.score_signals(list(parts.values()))
    scores = dict(zip(parts, map(float, scored), strict=True))
    return Audible(heard, whole - heard, whole, front.rate, scores, float(mask.mean()))


def on_transform(explanation, samples, rate):
    """Bring a map to the axes of `xai.transform`, linearly between pixels.

    Parameters
    ----------
    explanation : Explanation
        On any axes.
    samples, rate : int
        Length of the signal, and its rate in Hz.

    Returns
    -------
    ndarray [frames, bins]
        Outside the map's axes its edge counts.
    """
    times, frequencies = transform.axes(samples, rate)
    rows = np.clip(np.interp(times, explanation.times, np.arange(len(explanation.times))), 0, None)
    columns = np.interp(
        frequencies, explanation.frequencies, np.arange(len(explanation.frequencies))
    )
    return _between(_between(explanation.heat, rows).T, columns).T


def _between(array, positions):
    below = np.minimum(positions.astype(int), len(array) - 1)
    above = np.minimum(below + 1, len(array) - 1)
    part = (positions - below)[:, None]
    return (1 - part) * array[below] + part * array[above]
