"""Vocos: ConvNeXt blocks at frame rate, then an inverse short-time Fourier transform.

References
----------
Siuzdak, "Vocos: closing the gap between time-domain and Fourier-based neural vocoders for
high-quality audio synthesis", ICLR 2024 (arXiv 2306.00814), section 3 and figure 2.
"""

import keras

from gan.vocoders import Vocoding
from gan.vocoders.layers import InverseSTFT, Scale
from gan.vocoders.mel import mel_of

TAPS = 7
WIDER = 3
EPSILON = 1e-6


def normalise(x):
    """Return `x` with each frame at mean 0 and deviation 1, then scaled and shifted."""
    return keras.layers.LayerNormalization(epsilon=EPSILON)(x)


def block(x, depth):
    """Return `x` [batch, frames, dim] after one ConvNeXt block of a stack of `depth`.

    Source: Liu et al., "A ConvNet for the 2020s", CVPR 2022, figure 4, in one dimension.
    """
    dim = x.shape[-1]
    y = keras.layers.DepthwiseConv1D(TAPS, padding="same")(x)
    y = keras.layers.Dense(WIDER * dim, activation="gelu")(normalise(y))
    y = Scale(1 / depth)(keras.layers.Dense(dim)(y))
    return keras.layers.Add()([x, y])


def build(config):
    """Return the networks of a Vocos.

    Parameters
    ----------
    config : GanConfig
        Of which `dim`, `depth`, `rate`, `mels`, `fft` and `hop` count here.

    Returns
    -------
    Vocoding
        Its description is the log-mel spectrogram.
    """
    mel = keras.Input((None, config.mels), name="description")
    x = normalise(keras.layers.Conv1D(config.dim, TAPS, padding="same", name="embed")(mel))
    for _ in range(config.depth):
        x = block(x, config.depth)
    x = keras.layers.Dense(config.fft + 2, dtype="float32", name="head")(normalise(x))
    audio = InverseSTFT(config.fft, config.hop)(x)
    overlap = -(-config.fft // config.hop)
    return Vocoding(
        keras.Model(mel, audio, name="generator"),
        mel_of(config),
        TAPS // 2 * (config.depth + 1) + 2 * overlap,
    )
