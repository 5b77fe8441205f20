"""Detectors small enough for closed forms: linear ones, a CNN, one without gradients."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pytest

from audio.frontends import MFCC, LogMel, Waveform

FRONT = LogMel(seconds=1.0, hop=512, bands=32)
EVIDENCE = (slice(8, 16), slice(10, 14))  # frames and bands that the linear detector looks at


@dataclass(eq=False)
class Small:
    front_end: object
    network: object = None
    weights: np.ndarray = None
    digest: str = field(default="small")

    def features(self, clips):
        return self.front_end.batch([clip.samples for clip in clips])

    def score(self, clips):
        return self.logits(self.features(clips))

    def score_signals(self, signals):
        return self.logits(self.front_end.batch(signals))

    @cached_property
    def _graph(self):
        import tensorflow as tf

        return tf.function(lambda x: self.network(x, training=False), reduce_retracing=True)

    def logits(self, features):
        if self.network is None:
            return features.reshape(len(features), -1) @ self.weights.ravel()
        return self._graph(features).numpy()[:, 0]


def linear_weights(front, where=EVIDENCE, seed=0):
    weights = np.zeros(front.shape, np.float32)
    weights[where] = np.random.default_rng(seed).normal(size=weights[where].shape)
    return weights


def dense(front, weights):
    import keras

    x = keras.Input(front.shape)
    y = keras.layers.Dense(1, name="logit")(keras.layers.Flatten()(x))
    network = keras.Model(x, y)
    network.get_layer("logit").set_weights([weights.reshape(-1, 1), np.float32([0.7])])
    return network


@pytest.fixture(scope="session")
def linear():
    weights = linear_weights(FRONT)
    return Small(FRONT, dense(FRONT, weights), weights)


@pytest.fixture(scope="session")
def cnn():
    import keras

    keras.utils.set_random_seed(3)
    x = y = keras.Input(FRONT.shape)
    for filters in (8, 16):
        y = keras.layers.Conv2D(filters, 3, padding="same", activation="relu")(y)
        y = keras.layers.MaxPooling2D()(y)
    y = keras.layers.Conv2D(16, 3, padding="same", activation="relu", name="maps")(y)
    y = keras.layers.Dense(1)(keras.layers.GlobalAveragePooling2D()(y))
    return Small(FRONT, keras.Model(x, y))


@pytest.fixture(scope="session")
def black_box():
    front = MFCC(seconds=1.0)
    return Small(front, weights=linear_weights(front, ..., seed=1) / 100)


@pytest.fixture(scope="session")
def wave():
    import keras

    keras.utils.set_random_seed(4)
    front = Waveform(seconds=1.0)
    x = y = keras.Input(front.shape)
    for filters in (8, 16):
        y = keras.layers.Conv1D(filters, 32, strides=4, padding="same", activation="relu")(y)
    y = keras.layers.Dense(1)(keras.layers.GlobalAveragePooling1D()(y))
    return Small(front, keras.Model(x, y))


@pytest.fixture(scope="session")
def clips(speech):
    return speech[:3]
