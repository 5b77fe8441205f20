"""WaveGAN: raw audio from one-dimensional transposed convolutions.

References
----------
Donahue, McAuley, Puckette, "Adversarial Audio Synthesis", ICLR 2019, tables 3 and 4 (appendix D).
The sixth layer of longer clips follows the authors' published code.
"""

from dataclasses import dataclass

import keras
import numpy as np

from experiment.errors import UsageError
from gan import networks
from gan.layers import KERNEL, LeakyReLU, PhaseShuffle, StridedConv1D

START = 16
SHUFFLED = 4


@dataclass(frozen=True)
class Waveform:
    """The signal is the audio itself."""

    def fit(self, audio):
        """Return itself: there is nothing to learn."""
        return self

    def encode(self, audio):
        """Return `audio` [batch, samples, channels] as it is."""
        return audio

    def decode(self, signal):
        """Return the signal as float32."""
        return np.asarray(signal, "float32")

    def spoken_by(self, vocoder, rate):
        """Refuse a vocoder."""
        raise UsageError("wavegan makes audio, no spectrograms to invert; leave out the inversion")

    def to_dict(self):
        """Return what `build` needs to restore the codec: nothing."""
        return {}


def strides(samples):
    """Return the strides of the layers, as the generator has them.

    Parameters
    ----------
    samples : int
        16384, 32768 or 65536.

    Returns
    -------
    tuple of int
        Their product times 16 is `samples`.
    """
    return (4, 4, 4, 4, 4) + {16384: (), 32768: (2,), 65536: (4,)}[samples]


def build(config, classes=0, codec=None):
    """Return the networks of a WaveGAN.

    Parameters
    ----------
    config : GanConfig
        Of which `dim`, `samples`, `channels`, `latent` and `shuffle` count here.
    classes : int
        Number of classes of a conditional model.
    codec : dict, optional
        What the codec of a trained model returned by ``to_dict``.

    Returns
    -------
    Networks
        Signals are audio [batch, samples, channels].
    """
    steps = strides(config.samples)
    widths = [config.dim * 2**i for i in range(len(steps))]

    def synthesise(z):
        x = keras.layers.Dense(START * widths[-1], name="project")(z)
        x = keras.layers.ReLU()(keras.layers.Reshape((START, widths[-1]))(x))
        outputs = [*widths[-2::-1], config.channels]
        for i, (stride, width) in enumerate(zip(steps, outputs, strict=True)):
            x = keras.layers.Conv1DTranspose(width, KERNEL, stride, "same", name=f"up_{i}")(x)
            if i < len(steps) - 1:
                x = keras.layers.ReLU()(x)
        return keras.layers.Activation("tanh", dtype="float32")(x)

    def judge(x, shifts):
        for i, (stride, width) in enumerate(zip(steps, widths, strict=True)):
            x = LeakyReLU()(StridedConv1D(width, stride, name=f"down_{i}")(x))
            if config.shuffle and i < SHUFFLED:
                x = PhaseShuffle(i)(x, shifts)
        return keras.layers.Flatten()(x)

    shuffles = SHUFFLED if config.shuffle else 0
    return networks.Networks(
        networks.generator(config.latent, classes, synthesise),
        networks.critic((config.samples, config.channels), classes, judge, shuffles),
        Waveform(),
        shuffles,
    )
