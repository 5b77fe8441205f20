"""Support vector machine on statistics of cepstral coefficients, as a network.

scikit-learn finds the support vectors; the decision function is then written down as Keras layers:
standardisation, distances to the support vectors, an exponential, a weighted sum. So it is saved
without pickle, runs in batches, and has gradients for the explainers like any other model.
"""

import numpy as np

TINY = 1e-4  # a statistic that varies less than this is constant: the mean level, taken off before


def build(shape, support=1, gamma=1.0):
    """Return mean and deviation over time, then a radial basis function machine, all zero.

    Parameters
    ----------
    shape : tuple of int
        (frames, coefficients, channels).
    support : int
        Number of support vectors.
    gamma : float
        Inverse of the kernel's squared width.

    Returns
    -------
    keras.Model
        To one logit: the decision function.
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    x = layers.Reshape((shape[0], -1))(inputs)
    mean = ops.mean(x, axis=1)
    spread = ops.sqrt(ops.var(x, axis=1) + 1e-6)
    x = layers.Concatenate(name="statistics")([mean, spread])
    x = layers.Dense(x.shape[-1], kernel_initializer="identity", name="standardise")(x)
    near = layers.Dense(support, name="distances")(x)
    size = ops.sum(ops.square(x), axis=-1, keepdims=True)
    kernel = ops.exp(near - gamma * size)
    return keras.Model(inputs, layers.Dense(1, name="decision")(kernel), name="mfcc_svm")


def fit(features, real, seed, penalty=1.0):
    """Return the machine that parts bona fide from spoof.

    Parameters
    ----------
    features : ndarray [clips, frames, coefficients, 1]
        Training clips.
    real : ndarray [clips] of bool
        Which are bona fide. Both classes count the same.
    seed : int
        Unused by this solver, whose answer is unique.
    penalty : float
        Cost of a training clip on the wrong side.

    Returns
    -------
    keras.Model
        As `build` returns it.
    """
    from sklearn.svm import SVC

    x = statistics(features)
    mean, spread = x.mean(axis=0), x.std(axis=0)
    scale = np.divide(1, spread, out=np.zeros_like(spread), where=spread > TINY)
    machine = SVC(C=penalty, class_weight="balanced").fit((x - mean) * scale, real)
    vectors, gamma = machine.support_vectors_, float(machine._gamma)
    network = build(features.shape[1:], len(vectors), gamma)
    found = {
        "standardise": (np.diag(scale), -mean * scale),
        "distances": (2 * gamma * vectors.T, -gamma * (vectors**2).sum(axis=1)),
        "decision": (machine.dual_coef_.T, machine.intercept_),
    }
    for name, weights in found.items():
        network.get_layer(name).set_weights(weights)
    return network


def statistics(features):
    """Return mean and standard deviation over time, ndarray [clips, 2 * coefficients]."""
    x = features.reshape(*features.shape[:2], -1)
    return np.concatenate([x.mean(axis=1), np.sqrt(x.var(axis=1) + 1e-6)], axis=1)
