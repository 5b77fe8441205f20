"""Explanations that are measured. Add one with a file in `explainers` and a line in `EXPLAINERS`.

An explanation says where, in seconds and Hz, a detector found evidence for a class. What is
explained is the logit, never a probability: a saturated probability has no gradient.
"""

from xai.baselines import BASELINES
from xai.explainers.band_occlusion import band_occlusion
from xai.explainers.gradcam import gradcam
from xai.explainers.gradcam_plus import gradcam_plus
from xai.explainers.integrated_gradients import integrated_gradients
from xai.explainers.lime import lime
from xai.explainers.occlusion import occlusion
from xai.explainers.rise import rise
from xai.explainers.saliency import saliency
from xai.explainers.shap_gradient import shap_gradient
from xai.explainers.shap_kernel import shap_kernel
from xai.explainers.shap_partition import shap_partition
from xai.explainers.smoothgrad import smoothgrad
from xai.explanation import Explanation

__all__ = ["BASELINES", "EXPLAINERS", "Explanation", "explain"]

EXPLAINERS = {
    "gradcam": gradcam,
    "gradcam++": gradcam_plus,
    "saliency": saliency,
    "smoothgrad": smoothgrad,
    "integrated_gradients": integrated_gradients,
    "occlusion": occlusion,
    "band_occlusion": band_occlusion,
    "rise": rise,
    "lime": lime,
    "shap": shap_kernel,
    "shap_partition": shap_partition,
    "shap_gradient": shap_gradient,
}


def explain(detector, clips, method, target="bonafide", seed=0, **options):
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
    """
    from xai.runner import run

    return run(detector, clips, method, {**EXPLAINERS, **BASELINES}, target, seed, options)
