"""Logistic regression on mean and deviation over time of whatever a front end gives.

The simplest probe of a representation. scikit-learn finds the weights, which are then written down
as a dense layer, so that it is saved, scored and explained like any other network.
"""

import numpy as np

TINY = 1e-4  # a statistic that varies less than this is constant
BLOCK = 256  # clips in memory at a time


def build(shape):
    """Return mean and deviation over time and one dense layer.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, 1), (frames, width) or (blocks, frames, width).

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    x = layers.Reshape(shape[:-1])(inputs) if shape[-1] == 1 else inputs
    parts = ops.mean(x, axis=-2), ops.sqrt(ops.var(x, axis=-2) + 1e-6)
    x = layers.Flatten(name="statistics")(ops.concatenate(parts, axis=-1))
    return keras.Model(inputs, layers.Dense(1, name="decision")(x), name="stats_lr")


def fit(features, real, seed, penalty=1.0):
    """Return the regression that parts bona fide from spoof.

    Parameters
    ----------
    features : ndarray [clips, ...]
        Training clips.
    real : ndarray [clips] of bool
        Which are bona fide. Both classes count the same.
    seed : int
        Unused by this solver, whose answer is unique.
    penalty : float
        Cost of a training clip on the wrong side: the inverse of the regularisation.

    Returns
    -------
    keras.Model
        As `build` returns it.
    """
    from sklearn.linear_model import LogisticRegression

    from experiment.quiet import limited_iterations

    x = statistics(features)
    mean, spread = x.mean(axis=0), x.std(axis=0)
    scale = np.divide(1, spread, out=np.zeros_like(spread), where=spread > TINY)
    machine = LogisticRegression(C=penalty, class_weight="balanced", max_iter=2000)
    with limited_iterations():
        machine.fit((x - mean) * scale, real)
    kernel = machine.coef_[0] * scale
    network = build(features.shape[1:])
    found = kernel[:, None], machine.intercept_ - mean @ kernel
    network.get_layer("decision").set_weights(found)
    return network


def statistics(features):
    """Return mean and deviation over time, ndarray [clips, ...] of float64."""
    starts = range(0, len(features), BLOCK)
    return np.concatenate([_statistics(features[start : start + BLOCK]) for start in starts])


def _statistics(features):
    x = features[..., 0] if features.shape[-1] == 1 else features
    x = np.asarray(x, np.float64)
    parts = x.mean(axis=-2), np.sqrt(x.var(axis=-2) + 1e-6)
    return np.concatenate(parts, axis=-1).reshape(len(x), -1)
