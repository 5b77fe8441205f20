"""iSTFTNet: two upsampling stages of HiFi-GAN, then an inverse short-time Fourier transform.

References
----------
Kaneko, Tanaka, Kameoka, Seki, "iSTFTNet: Fast and Lightweight Mel-Spectrogram Vocoder
Incorporating Inverse Short-Time Fourier Transform", ICASSP 2022 (arXiv 2203.02395), section 3.
"""

import math
from dataclasses import replace

import keras
import tensorflow as tf

from gan.vocoders import Vocoding
from gan.vocoders.hifigan import LAYOUTS, TAPS, reach, stages
from gan.vocoders.layers import InverseSTFT
from gan.vocoders.mel import mel_of

STRIDES = (8, 8)
SIZE = 16


@keras.saving.register_keras_serializable("gan")
class Sine(keras.layers.Layer):
    """The second half of the channels as phases between -pi and pi, by a sine."""

    def call(self, x):
        """Return `x` [batch, frames, bins * 2], its second half squashed."""
        logarithm, phase = tf.split(x, 2, axis=-1)
        return tf.concat([logarithm, math.pi * tf.sin(phase)], -1)


def build(config):
    """Return the networks of an iSTFTNet (C8C8I of the paper).

    Parameters
    ----------
    config : GanConfig
        Of which `size`, `dim`, `rate`, `mels`, `fft` and `hop` count here.

    Returns
    -------
    Vocoding
        Its description is the log-mel spectrogram.
    """
    layout = replace(LAYOUTS[config.size], strides=STRIDES)
    mel = keras.Input((None, config.mels), name="description")
    x = keras.layers.Conv1D(config.dim, TAPS, padding="same", name="embed")(mel)
    x = keras.layers.LeakyReLU(negative_slope=0.01)(stages(x, layout))
    x = keras.layers.Conv1D(SIZE + 2, TAPS, padding="same", dtype="float32", name="head")(x)
    hop = config.hop // math.prod(STRIDES)
    audio = InverseSTFT(SIZE, hop)(Sine(dtype="float32")(x))
    overlap = -(-config.fft // config.hop)
    return Vocoding(
        keras.Model(mel, audio, name="generator"),
        mel_of(config),
        reach(layout) + overlap + 1,
    )
