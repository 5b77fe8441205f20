"""What an architecture hands to the training loop, and how a class label enters it."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from experiment.seeds import rng


@dataclass(frozen=True)
class Networks:
    """A generator with its critic.

    Attributes
    ----------
    generator : keras.Model
        Latents [batch, latent] (and labels [batch]) to a signal [batch, ...] in [-1, 1].
    critic : keras.Model
        A signal (and shifts [shuffles], labels [batch]) to one number [batch, 1] each.
    codec : Any
        Between audio and signal: ``fit(audio)``, ``encode(audio)``, ``decode(signal)`` for audio
        [batch, samples, channels]; ``to_dict()``.
    shuffles : int
        Number of phase shuffles in the critic.
    """

    generator: keras.Model
    critic: keras.Model
    codec: Any
    shuffles: int = 0


def generator(latent, classes, body):
    """Return a generator whose label, where there are classes, is embedded beside the latents.

    Parameters
    ----------
    latent : int
        Number of latent variables.
    classes : int
        Number of classes; 0 for an unconditional generator.
    body : Callable
        From the vector that enters the first dense layer to the signal.

    Returns
    -------
    keras.Model
        See `Networks.generator`.

    References
    ----------
    Mirza and Osindero, "Conditional Generative Adversarial Nets", 2014.
    """
    z = keras.Input((latent,), name="latent")
    if not classes:
        return keras.Model([z], body(z), name="generator")
    label = keras.Input((), dtype="int32", name="label")
    embedded = keras.layers.Embedding(classes, latent, name="class")(label)
    both = keras.layers.Concatenate()([z, embedded])
    return keras.Model([z, label], body(both), name="generator")


def critic(shape, classes, body: Callable, shuffles=0):
    """Return a critic; where there are classes, the label enters as a projection.

    Parameters
    ----------
    shape : tuple of int
        Of one signal.
    classes : int
        Number of classes; 0 for an unconditional critic.
    body : Callable
        From a signal and shifts [shuffles] (None where there are none) to features [batch, n].
    shuffles : int
        Number of phase shuffles.

    Returns
    -------
    keras.Model
        See `Networks.critic`.

    References
    ----------
    Miyato and Koyama, "cGANs with Projection Discriminator", ICLR 2018, equation 3.
    """
    inputs = [keras.Input(shape, name="signal")]
    shifts = None
    if shuffles:
        shifts = keras.Input(batch_shape=(shuffles,), dtype="int32", name="shifts")
        inputs.append(shifts)
    features = body(inputs[0], shifts)
    output = keras.layers.Dense(1, name="output")(features)
    if classes:
        inputs.append(keras.Input((), dtype="int32", name="label"))
        embedded = keras.layers.Embedding(classes, features.shape[-1], name="class")(inputs[-1])
        output = keras.layers.Add()([output, keras.layers.Dot(1)([features, embedded])])
    output = keras.layers.Activation("linear", dtype="float32")(output)
    return keras.Model(inputs, output, name="critic")


def call(network, **values):
    """Call a network with those of the named `values` that it has inputs for."""
    return network([values[layer.name] for layer in network.inputs], training=True)


@contextmanager
def policy(name):
    """Build layers with the Keras dtype policy `name` inside the block."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def initialise(network, seed):
    """Give a network its first weights: Glorot uniform, biases zero.

    Parameters
    ----------
    network : keras.Model
        Changed in place.
    seed : int
        Of the run; each variable has its own stream.

    References
    ----------
    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    AISTATS 2010, equation 16.
    """
    for index, variable in enumerate(network.trainable_variables):
        shape = tuple(variable.shape)
        if len(shape) > 1:
            field = np.prod(shape[:-2])
            limit = np.sqrt(6 / (field * (shape[-2] + shape[-1])))
            draw = rng(seed, "weights", network.name, index)
            variable.assign(draw.uniform(-limit, limit, shape).astype("float32"))
