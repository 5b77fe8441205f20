"""Training criteria by name, each with the optimiser of the reference, and the penalties.

A critic's number is high for real signals. For the two criteria of probability (lsgan, dcgan) it
is a logit or an unbounded estimate of the label 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import tensorflow as tf

SAFE = 1e-12


@dataclass(frozen=True)
class Loss:
    """One criterion.

    Attributes
    ----------
    critic : Callable
        From the critic's numbers for real and for fake signals to the critic's loss.
    generator : Callable
        From the critic's numbers for fake signals to the generator's loss.
    optimizer : Callable
        From a learning rate (None for the criterion's own) to an optimiser.
    penalty : bool
        Whether the gradient penalty belongs to the criterion.
    clip : float
        Limit of the critic's weights after each step; 0 for none.
    """

    critic: Callable
    generator: Callable
    optimizer: Callable
    penalty: bool = False
    clip: float = 0.0


def _difference(real, fake):
    return tf.reduce_mean(fake) - tf.reduce_mean(real)


def _negative(fake):
    return -tf.reduce_mean(fake)


def _squares(real, fake):
    return (tf.reduce_mean((real - 1) ** 2) + tf.reduce_mean(fake**2)) / 2


def _square(fake):
    return tf.reduce_mean((fake - 1) ** 2)


def _entropy(real, fake):
    return (tf.reduce_mean(tf.nn.softplus(-real)) + tf.reduce_mean(tf.nn.softplus(fake))) / 2


def _misled(fake):
    return tf.reduce_mean(tf.nn.softplus(-fake))


def _adam(rate, first, second):
    return lambda given=None: keras.optimizers.Adam(given or rate, beta_1=first, beta_2=second)


def _rmsprop(rate):
    return lambda given=None: keras.optimizers.RMSprop(given or rate, epsilon=1e-10)


LOSSES = {
    "wgan-gp": Loss(_difference, _negative, _adam(1e-4, 0.5, 0.9), penalty=True),
    "wgan": Loss(_difference, _negative, _rmsprop(5e-5), clip=0.01),
    "lsgan": Loss(_squares, _square, _rmsprop(1e-4)),
    "dcgan": Loss(_entropy, _misled, _adam(2e-4, 0.5, 0.999)),
}


def gradient_norm(critic, signal):
    """Return the norm of the critic's gradient at each signal.

    Parameters
    ----------
    critic : Callable
        From a signal to its numbers.
    signal : Tensor [batch, ...]
        Where to take the gradient.

    Returns
    -------
    Tensor [batch]
        The root is safe: its own gradient is finite where the norm is zero.
    """
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(signal)
        value = critic(signal)
    gradient = tape.gradient(value, signal)
    return tf.sqrt(tf.reduce_sum(gradient**2, list(range(1, len(gradient.shape)))) + SAFE)


def gradient_penalty(critic, real, fake, weights):
    """Return the penalty for gradients whose norm is not 1 between real and fake signals.

    Parameters
    ----------
    critic : Callable
        From a signal to its numbers.
    real, fake : Tensor [batch, ...]
        The ends.
    weights : Tensor [batch]
        Where between them, uniform in [0, 1).

    Returns
    -------
    Tensor
        A number, not yet weighted.

    References
    ----------
    Gulrajani et al., "Improved Training of Wasserstein GANs", NeurIPS 2017, equation 3.
    """
    weights = tf.reshape(weights, [-1] + [1] * (len(real.shape) - 1))
    norm = gradient_norm(critic, real + weights * (fake - real))
    return tf.reduce_mean((norm - 1) ** 2)


def r1_penalty(critic, real):
    """Return half the mean squared norm of the critic's gradient at real signals.

    References
    ----------
    Mescheder, Geiger, Nowozin, "Which Training Methods for GANs do actually Converge?", ICML 2018,
    equation 9.
    """
    return tf.reduce_mean(gradient_norm(critic, real) ** 2) / 2
