"""A neural codec: strided convolutions, a residual vector quantiser, and the way back.

References
----------
Zeghidour et al., "SoundStream: An End-to-End Neural Audio Codec", IEEE/ACM TASLP 2022, section III;
the number of codebooks drawn for each training item is its quantiser dropout (section III.C).
"""

import keras
import tensorflow as tf

from gan.vocoders import Vocoding
from gan.vocoders.hifigan import TAPS, Layout, reach, rectified, stack
from gan.vocoders.quantiser import ResidualQuantiser

STRIDES = (4, 4, 4, 4)
DILATIONS = ((1, 3),)
EPSILON = 1e-6
LAYOUT = Layout(STRIDES, (3,), DILATIONS, False)


def encode(audio, config):
    """Return vectors [batch, frames, width] of `audio` [batch, samples, 1]."""
    x = keras.layers.Conv1D(config.dim, TAPS, padding="same")(audio)
    for stride in STRIDES:
        x = stack(x, 3, DILATIONS[0], False)
        width = 2 * x.shape[-1]
        x = keras.layers.Conv1D(width, 2 * stride, stride, "same")(rectified(x))
    x = keras.layers.Conv1D(x.shape[-1], 3, padding="same", dtype="float32")(rectified(x))
    return keras.layers.LayerNormalization(epsilon=EPSILON, dtype="float32")(x)


def decode(x, config):
    """Return audio [batch, samples] of vectors `x` [batch, frames, width]."""
    x = keras.layers.Conv1D(x.shape[-1], TAPS, padding="same")(x)
    for stride in reversed(STRIDES):
        width = x.shape[-1] // 2
        x = keras.layers.Conv1DTranspose(width, 2 * stride, stride, "same")(rectified(x))
        x = stack(x, 3, DILATIONS[0], False)
    x = keras.layers.Conv1D(1, TAPS, padding="same", dtype="float32")(rectified(x))
    return keras.layers.Flatten(dtype="float32")(keras.layers.Activation("tanh")(x))


def build(config):
    """Return the networks of a codec.

    Parameters
    ----------
    config : GanConfig
        Of which `dim` and `books` count here; `hop` is 256.

    Returns
    -------
    Vocoding
        Its description is the audio itself.
    """
    audio = keras.Input((None, 1), name="description")
    used = keras.Input((), dtype="int32", name="books")
    quantise = ResidualQuantiser(max(config.books), name="quantiser")
    described, closeness = quantise(encode(audio, config), used)
    generator = keras.Model([audio, used], [decode(described, config), closeness], name="generator")
    both = 2 * reach(LAYOUT)
    return Vocoding(generator, lambda x: x[..., tf.newaxis], both)
