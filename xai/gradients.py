"""Gradients of the logit, for the methods that need them."""

from functools import lru_cache

import numpy as np

from experiment.errors import UsageError
from xai.subject import BATCH


@lru_cache(maxsize=8)
def _compiled(network, layer):
    """Return a graph from inputs to a layer's output and the logit's gradient on it."""
    import keras
    import tensorflow as tf

    inner = network.input if layer is None else network.get_layer(layer).output
    both = keras.Model(network.input, [inner, network.output])

    @tf.function(input_signature=[tf.TensorSpec((None, *network.input_shape[1:]), tf.float32)])
    def graph(features):
        with tf.GradientTape() as tape:
            tape.watch(features)
            value, logit = both(features, training=False)
            total = tf.reduce_sum(logit)
        return value, tape.gradient(total, features if layer is None else value)

    return graph


def gradients(network, features, layer=None):
    """Return what a layer says and the gradient of the logit on it.

    Parameters
    ----------
    network : keras.Model
        Flat functional model with one logit.
    features : ndarray [n, ...]
        Its inputs.
    layer : str, optional
        Name of a layer; the input when left out.

    Returns
    -------
    value, gradient : ndarray [n, ...]
        In float32.
    """
    graph = _compiled(network, layer)
    parts = [graph(features[start : start + BATCH]) for start in range(0, len(features), BATCH)]
    return tuple(np.concatenate([np.asarray(part[k]) for part in parts]) for k in (0, 1))


def mean_gradients(subject, network, noisy, samples):
    """Return the mean gradient of the evidence over `samples` variants of each clip's features.

    Parameters
    ----------
    subject : Subject
        The clips.
    network : keras.Model
        Their detector's network.
    noisy : callable
        From a clip's index to variants [samples, ...] of its features.
    samples : int
        Variants of a clip; more than one clip shares a batch.

    Returns
    -------
    ndarray [n, ...]
        In the shape of the features.
    """
    found = []
    group = max(1, BATCH // samples)
    for start in range(0, len(subject.clips), group):
        indices = range(start, min(start + group, len(subject.clips)))
        variants = np.concatenate([noisy(index) for index in indices]).astype(np.float32)
        slopes = gradients(network, variants)[1]
        found.append(slopes.reshape(len(indices), samples, *slopes.shape[1:]).mean(axis=1))
    return subject.sign * np.concatenate(found)


def map_layer(network, planar):
    """Return the name of the last layer whose output still is a map.

    Parameters
    ----------
    network : keras.Model
        Flat functional model.
    planar : bool
        A map of frames and bands [n, >1, >1, channels], or of frames alone [n, >1, channels].

    Raises
    ------
    UsageError
        If there is none, as in a recurrent network.
    """
    rank = 4 if planar else 3
    for layer in reversed(network.layers[1:]):
        shape = getattr(layer.output, "shape", ())
        if len(shape) == rank and all(size is None or size > 1 for size in shape[1:-1]):
            return layer.name
    raise UsageError(
        "this network has no convolutional map for Grad-CAM; use saliency, integrated_gradients, "
        "lime or shap"
    )
