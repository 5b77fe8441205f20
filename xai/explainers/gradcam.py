"""Grad-CAM: feature maps of a convolution, weighted by the mean gradient of the logit."""

import numpy as np

from xai.gradients import gradients, map_layer


def gradcam(subject, *, seed=0, layer=None, relu=True):
    """Explain by the last convolution's feature maps.

    Parameters
    ----------
    subject : Subject
        The clips.
    seed : int
        Not used: the method is deterministic.
    layer : str, optional
        Name of a layer with maps; the last one when left out.
    relu : bool
        Keep evidence for the target alone, as the paper does.

    Returns
    -------
    ndarray [n, frames, bands]
        Without unit. On a waveform the map has no frequencies: every band gets the same.

    Raises
    ------
    UsageError
        If the detector has no such maps.

    Notes
    -----
    Source: R. R. Selvaraju et al., *Grad-CAM: visual explanations from deep networks via
    gradient-based localization*, ICCV 2017, equations 1 and 2.
    """
    return activation_map(subject, "gradcam", mean_weights, layer, relu)


def mean_weights(maps, slopes):
    """Return the weight of each channel, [n, 1, 1, channels]: the mean gradient."""
    return slopes.mean(axis=(1, 2), keepdims=True)


def activation_map(subject, method, weights, layer=None, relu=True):
    """Return a weighted sum of feature maps, brought to the axes of the subject.

    Parameters
    ----------
    subject : Subject
        The clips.
    method : str
        Name for messages.
    weights : callable
        From maps and gradients [n, frames, bands, channels] to weights [n, 1, 1, channels].
    layer, relu
        As for `gradcam`.

    Returns
    -------
    ndarray [n, frames, bands]
        On the subject's axes.
    """
    network = subject.network(method)
    layer = layer or map_layer(network, subject.planar)
    maps, slopes = gradients(network, subject.features, layer)
    if maps.ndim == 3:
        maps, slopes = maps[:, :, None], slopes[:, :, None]
    heat = (weights(maps, subject.sign * slopes) * maps).sum(axis=-1)
    return enlarge(np.maximum(heat, 0) if relu else heat, tuple(map(len, subject.axes)))


def enlarge(maps, shape):
    """Resize maps [n, h, w] to ``shape`` bilinearly, pixel centres kept in place."""
    import tensorflow as tf

    return tf.image.resize(maps[..., None], shape).numpy()[..., 0]
