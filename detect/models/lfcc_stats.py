"""Logistic regression on how cepstral coefficients vary over time.

What a vocoder changes is how much each coefficient varies from frame to frame, and how: copies by a
generator that was trained to be right on average vary too little, and less often by much. So each
coefficient and its first and second differences over time are described by two numbers: the
logarithm of the standard deviation, and that of the mean absolute deviation over it (high for
steady change, low for rare jumps; R. Geary, *The ratio of the mean deviation to the standard
deviation as a test of normality*, Biometrika 1935). What stays the same over a recording -
microphone, room, equaliser - is in neither. scikit-learn finds the weights, which are written down
as a dense layer.
"""

import numpy as np

TINY = 1e-6
ORDERS = 3
BLOCK = 256  # clips in memory at a time


def build(shape):
    """Return the statistics and one dense layer.

    Parameters
    ----------
    shape : tuple of int
        (frames, coefficients, 1), of at least four frames.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers

    inputs = keras.Input(shape)
    x = layers.Reshape(shape[:2])(inputs)
    found = []
    for order in range(ORDERS):
        x = x[:, 1:] - x[:, :-1] if order else x
        found += _statistics(x)
    x = layers.Concatenate(name="statistics")(found)
    return keras.Model(inputs, layers.Dense(1, name="decision")(x), name="lfcc_stats")


def fit(features, real, seed, penalty=0.003):
    """Return the regression that parts bona fide from spoof.

    Parameters
    ----------
    features : ndarray [clips, frames, coefficients, 1]
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
    import keras
    from sklearn.linear_model import LogisticRegression

    network = build(features.shape[1:])
    measure = keras.Model(network.input, network.get_layer("statistics").output)
    starts = range(0, len(features), BLOCK)
    x = [np.asarray(measure(features[start : start + BLOCK]), float) for start in starts]
    x = np.concatenate(x)
    mean, scale = x.mean(axis=0), 1 / np.maximum(x.std(axis=0), TINY)
    machine = LogisticRegression(C=penalty, class_weight="balanced", max_iter=2000)
    machine.fit((x - mean) * scale, real)
    kernel = machine.coef_[0] * scale
    found = kernel[:, None], machine.intercept_ - mean @ kernel
    network.get_layer("decision").set_weights(found)
    return network


def _statistics(x):
    """Return the two numbers of each coefficient of [clips, frames, coefficients]."""
    from keras import ops

    away = x - ops.mean(x, axis=1, keepdims=True)
    deviation = ops.sqrt(ops.mean(ops.square(away), axis=1) + TINY)
    absolute = ops.mean(ops.absolute(away), axis=1) + TINY
    return [ops.log(deviation), ops.log(absolute / deviation)]
