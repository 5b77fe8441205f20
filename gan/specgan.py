"""SpecGAN: log-magnitude spectrograms from two-dimensional transposed convolutions.

References
----------
Donahue, McAuley, Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 3.4 and tables 5 and
6 (appendix D). The size of 256 x 256 adds one layer at each end of the scale, as the longer
WaveGAN does.
"""

from dataclasses import dataclass

import keras
import numpy as np

from gan import networks, spectra
from gan.images import Images, described, open_vocoder, speaker
from gan.layers import LeakyReLU

START = 4
KERNEL = 5
FLOOR = 1e-6
SIDES = {16384: 128, 65536: 256}


@dataclass(frozen=True)
class Spectrogram(Images):
    """Images of log-magnitude spectrograms, without the bin at the Nyquist frequency.

    A vocoder hears Griffin-Lim's sound and makes it anew from its mel spectrogram.

    Attributes
    ----------
    size : int
        Frame length in samples; frames and bins number `size` / 2.
    """

    size: int

    def _log(self, audio):
        magnitude = np.abs(spectra.stft(np.moveaxis(audio, -1, 1), self.size))[..., :-1]
        return np.moveaxis(np.log(magnitude + FLOOR), 1, -1)

    def _sound(self, log):
        magnitude = np.pad(np.moveaxis(np.exp(log), -1, 1), [(0, 0)] * 3 + [(0, 1)])
        audio = np.moveaxis(spectra.griffin_lim(magnitude, self.size), 1, -1)
        if not self.vocoder:
            return audio
        vocoder = open_vocoder(self.vocoder)
        return vocoder.speak(described(audio, vocoder.config))[..., None]


def build(config, classes=0, codec=None):
    """Return the networks of a SpecGAN.

    Parameters
    ----------
    config : GanConfig
        Of which `dim`, `samples`, `channels`, `latent` and `vocoder` count here.
    classes : int
        Number of classes of a conditional model.
    codec : dict, optional
        What the codec of a trained model returned by ``to_dict``.

    Returns
    -------
    Networks
        Signals are images [batch, frames, bins, channels].
    """
    side = SIDES[config.samples]
    if config.vocoder:
        speaker(config.vocoder, config.rate)
    layers = int(np.log2(side // START))
    widths = [config.dim * 2**i for i in range(layers)]

    def synthesise(z):
        x = keras.layers.Dense(START * START * widths[-1], name="project")(z)
        x = keras.layers.ReLU()(keras.layers.Reshape((START, START, widths[-1]))(x))
        for i, width in enumerate([*widths[-2::-1], config.channels]):
            x = keras.layers.Conv2DTranspose(width, KERNEL, 2, "same", name=f"up_{i}")(x)
            if i < layers - 1:
                x = keras.layers.ReLU()(x)
        return keras.layers.Activation("tanh", dtype="float32")(x)

    def judge(x, shifts):
        for i, width in enumerate(widths):
            x = LeakyReLU()(keras.layers.Conv2D(width, KERNEL, 2, "same", name=f"down_{i}")(x))
        return keras.layers.Flatten()(x)

    return networks.Networks(
        networks.generator(config.latent, classes, synthesise),
        networks.critic((side, side, config.channels), classes, judge),
        Spectrogram.restored(codec, config.vocoder, size=2 * side),
    )
