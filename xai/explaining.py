"""Explain a detector's decisions by any method.

What is explained is the logit, never a probability: a saturated probability has no gradient.
"""

from collections.abc import Sequence
from typing import Any

from audio.clip import Clip
from xai.baselines import BASELINES
from xai.explainers.registry import EXPLAINERS
from xai.explanation import Explanation


def explain(
    detector: Any,
    clips: Sequence[Clip],
    method: str,
    target: str = "bonafide",
    seed: int = 0,
    **options: Any,
) -> list[Explanation]:
    """Explain a detector's logit on clips.

    Parameters
    ----------
    detector : detect.use.detector.Detector
        Any detector; methods that need gradients say so where there are none.
    clips : sequence of Clip
        What to explain. A clip counts as far as the detector's front end looks at it.
    method : str
        Key of `EXPLAINERS` or `BASELINES`.
    target : {"bonafide", "spoof"}
        Class that positive heat speaks for.
    seed : int
        Seed; with a clip's name it fixes the clip's map, whatever its neighbours.
    **options
        Of the method; `background` (clips whose mean replaces what is removed) and `domain`
        (``"auto"``, or ``"sound"`` to remove parts of the sound instead of the features) of all.

    Returns
    -------
    list of Explanation
        One per clip, in input order.

    Raises
    ------
    UsageError
        If method, target or an option are unknown, or the method cannot explain this detector.

    Examples
    --------
    >>> import detect, xai
    >>> [explanation] = xai.explain(detect.load("starter"), speech[:1], "gradcam", target="spoof")
    >>> explanation.method, explanation.heat.ndim
    ('gradcam', 2)
    """
    from xai.runner import run

    return run(detector, clips, method, {**EXPLAINERS, **BASELINES}, target, seed, options)
