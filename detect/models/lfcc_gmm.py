"""Two Gaussian mixtures on LFCC, the first baseline of ASVspoof 2021, as a network.

scikit-learn fits one mixture to the frames of each class; the mean log-likelihood ratio of a clip's
frames is then written down as Keras layers, so that it is saved without pickle and has gradients.
"""

import numpy as np


def build(shape, components=1):
    """Return two diagonal Gaussian mixtures, all zero.

    Parameters
    ----------
    shape : tuple of int
        (frames, coefficients, channels).
    components : int
        Gaussians of each mixture.

    Returns
    -------
    keras.Model
        To one logit: the mean over frames of the log-likelihood ratio.
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    x = layers.Reshape((shape[0], -1))(inputs)
    x = layers.Concatenate()([x, ops.square(x)])
    real, spoof = (
        ops.mean(ops.logsumexp(layers.Dense(components, name=name)(x), axis=-1), axis=1)
        for name in ("bonafide", "spoof")
    )
    ratio = layers.Reshape((1,))(real - spoof)
    return keras.Model(inputs, ratio, name="lfcc_gmm")


def fit(features, real, seed, components=64, frames=40_000):
    """Return the mixtures of both classes.

    Parameters
    ----------
    features : ndarray [clips, frames, coefficients, 1]
        Training clips.
    real : ndarray [clips] of bool
        Which are bona fide.
    seed : int
        Of the frames that are drawn and of the initial means.
    components : int
        Gaussians of each mixture.
    frames : int
        At most so many frames of each class.

    Returns
    -------
    keras.Model
        As `build` returns it.
    """
    from sklearn.mixture import GaussianMixture

    from experiment.quiet import limited_iterations
    from experiment.seeds import derive, rng

    network = build(features.shape[1:], components)
    for name, rows in (("bonafide", real), ("spoof", ~real)):
        x = features[rows].reshape(-1, features.shape[2])
        x = rng(seed, "frames", name).permutation(x)[:frames].astype(float)
        mixture = GaussianMixture(
            components, covariance_type="diag", reg_covar=1e-4, max_iter=30,
            random_state=derive(seed, name),
        )  # fmt: skip
        with limited_iterations():
            mixture.fit(x)
        network.get_layer(name).set_weights(_quadratic(mixture))
    return network


def _quadratic(mixture):
    """Return weights and offsets that make log-densities of x and its square."""
    precision, mean = mixture.precisions_, mixture.means_
    constant = np.log(mixture.weights_) + 0.5 * (
        np.log(precision) - precision * mean**2 - np.log(2 * np.pi)
    ).sum(axis=1)
    return np.concatenate([precision * mean, -0.5 * precision], axis=1).T, constant
