"""Grad-CAM++: Grad-CAM that gives several places of evidence equal voice."""

import numpy as np

from xai.explainers.gradcam import activation_map


def gradcam_plus(subject, *, seed=0, layer=None, relu=True):
    """Explain by feature maps whose gradients are weighted pixel by pixel.

    Parameters
    ----------
    subject, seed, layer, relu
        As for `xai.explainers.gradcam.gradcam`.

    Returns
    -------
    ndarray [n, frames, bands]
        Without unit.

    Raises
    ------
    UsageError
        If the detector has no such maps.

    Notes
    -----
    Source: A. Chattopadhay et al., *Grad-CAM++: generalized gradient-based visual explanations
    for deep convolutional networks*, WACV 2018, equations 10 and 19.
    """
    return activation_map(subject, "gradcam++", pixel_weights, layer, relu)


def pixel_weights(maps, slopes):
    """Return the weight of each channel, [n, 1, 1, channels], of its positive gradients."""
    total = maps.sum(axis=(1, 2), keepdims=True)
    below = 2 * slopes**2 + total * slopes**3
    alpha = np.divide(slopes**2, below, out=np.zeros_like(below), where=below != 0)
    return (alpha * np.maximum(slopes, 0)).sum(axis=(1, 2), keepdims=True)
