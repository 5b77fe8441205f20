"""HiFi-GAN: transposed convolutions, each followed by residual stacks of several fields of view.

References
----------
Kong, Kim, Bae, "HiFi-GAN: Generative Adversarial Networks for Efficient and High Fidelity Speech
Synthesis", NeurIPS 2020, section 2.2, figure 1 and table 5 (appendix A.1).
"""

from dataclasses import dataclass

import keras

from gan.vocoders import Vocoding
from gan.vocoders.mel import mel_of

TAPS = 7
SLOPE = 0.1


@dataclass(frozen=True)
class Layout:
    """Upsampling stages and their residual stacks.

    Attributes
    ----------
    strides : tuple of int
        Of the transposed convolutions; each has kernels of twice its stride.
    kernels : tuple of int
        One residual stack each, whose outputs are averaged.
    dilations : tuple of int or tuple of tuple of int
        Of the convolutions in each stack.
    paired : bool
        Whether an undilated convolution follows each dilated one (the paper's first kind of stack).
    """

    strides: tuple
    kernels: tuple
    dilations: tuple
    paired: bool


PAIRED = ((1, 3, 5),) * 3
LAYOUTS = {
    "small": Layout((8, 8, 4), (3, 5), ((1, 2), (2, 6)), False),
    "v1": Layout((8, 8, 2, 2), (3, 7, 11), PAIRED, True),
    "v2": Layout((8, 8, 2, 2), (3, 7, 11), PAIRED, True),
    "v3": Layout((8, 8, 4), (3, 5, 7), ((1, 2), (2, 6), (3, 12)), False),
}


def rectified(x):
    """Return the leaky rectifier of `x`."""
    return keras.layers.LeakyReLU(negative_slope=SLOPE)(x)


def stack(x, kernel, dilations, paired):
    """Return `x` [batch, length, channels] after residual convolutions of growing dilation."""
    width = x.shape[-1]
    for dilation in dilations:
        y = keras.layers.Conv1D(width, kernel, padding="same", dilation_rate=dilation)(rectified(x))
        if paired:
            y = keras.layers.Conv1D(width, kernel, padding="same")(rectified(y))
        x = keras.layers.Add()([x, y])
    return x


def stages(x, layout):
    """Return `x` [batch, frames, channels] after the upsampling stages of a layout.

    Each halves the channels and multiplies the length by its stride.
    """
    for stride in layout.strides:
        width = x.shape[-1] // 2
        x = keras.layers.Conv1DTranspose(width, 2 * stride, stride, "same")(rectified(x))
        pairs = zip(layout.kernels, layout.dilations, strict=True)
        x = keras.layers.Average()([stack(x, *pair, layout.paired) for pair in pairs])
    return x


def reach(layout):
    """Return on how many frames to either side a sample of a layout's output depends, at most."""
    frames, length = 2 * (TAPS // 2), 1
    for stride in layout.strides:
        frames, length = frames + 1 / length, length * stride
        spans = [
            sum((kernel - 1) // 2 * (d + layout.paired) for d in dilations)
            for kernel, dilations in zip(layout.kernels, layout.dilations, strict=True)
        ]
        frames += max(spans) / length
    return int(frames) + 2


def build(config):
    """Return the networks of a HiFi-GAN.

    Parameters
    ----------
    config : GanConfig
        Of which `size`, `dim`, `rate`, `mels`, `fft` and `hop` count here.

    Returns
    -------
    Vocoding
        Its description is the log-mel spectrogram.
    """
    layout = LAYOUTS[config.size]
    mel = keras.Input((None, config.mels), name="description")
    x = keras.layers.Conv1D(config.dim, TAPS, padding="same", name="embed")(mel)
    x = stages(x, layout)
    x = keras.layers.LeakyReLU(negative_slope=0.01)(x)
    x = keras.layers.Conv1D(1, TAPS, padding="same", dtype="float32", name="head")(x)
    x = keras.layers.Activation("tanh", dtype="float32")(x)
    audio = keras.layers.Flatten(dtype="float32")(x)
    overlap = -(-config.fft // config.hop)
    return Vocoding(
        keras.Model(mel, audio, name="generator"),
        mel_of(config),
        reach(layout) + overlap,
    )
