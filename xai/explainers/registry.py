"""The explainers that there are: a new one is a file beside this one, and a line here."""

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
