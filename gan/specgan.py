"""SpecGAN: log-magnitude spectrograms from two-dimensional transposed convolutions.

References
----------
Donahue, McAuley, Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 3.4 and tables 5 and
6 (appendix D). The size of 256 x 256 adds one layer at each end of the scale, as the longer
WaveGAN does.
"""

from dataclasses import dataclass, replace

import keras
import numpy as np

from gan import networks, spectra
from gan.layers import LeakyReLU

START = 4
KERNEL = 5
FLOOR = 1e-6
CLIP = 3.0
SIDES = {16384: 128, 65536: 256}


@dataclass(frozen=True)
class Spectrogram:
    """Audio [batch, samples, channels] and images [batch, frames, bins, channels] in [-1, 1].

    Logarithmic magnitudes are centred and scaled per bin; three standard deviations reach the
    limits. The bin at the Nyquist frequency is left out.

    Attributes
    ----------
    size : int
        Frame length in samples; frames and bins number `size` / 2.
    mean, deviation : tuple of float [bins]
        Of the logarithmic magnitudes of the training data.
    """

    size: int
    mean: tuple = ()
    deviation: tuple = ()

    def _log(self, audio):
        magnitude = np.abs(spectra.stft(np.moveaxis(audio, -1, 1), self.size))[..., :-1]
        return np.moveaxis(np.log(magnitude + FLOOR), 1, -1)

    def fit(self, audio):
        """Return a codec with the statistics of `audio` [batch, samples, channels]."""
        log = self._log(audio).astype("float64")
        return replace(
            self,
            mean=tuple(log.mean(axis=(0, 1, 3))),
            deviation=tuple(np.maximum(log.std(axis=(0, 1, 3)), FLOOR)),
        )

    def encode(self, audio):
        """Return the images of `audio`, float32."""
        mean, deviation = (np.array(v, "float32")[:, None] for v in (self.mean, self.deviation))
        return np.clip((self._log(audio) - mean) / (CLIP * deviation), -1, 1)

    def decode(self, signal):
        """Return audio of the images `signal`, float32, scaled down where it exceeds 1."""
        mean, deviation = (np.array(v, "float32")[:, None] for v in (self.mean, self.deviation))
        magnitude = np.exp(np.asarray(signal, "float32") * CLIP * deviation + mean)
        magnitude = np.pad(np.moveaxis(magnitude, -1, 1), [(0, 0)] * 3 + [(0, 1)])
        audio = np.moveaxis(spectra.griffin_lim(magnitude, self.size), 1, -1)
        return audio / np.maximum(np.abs(audio).max(axis=(1, 2), keepdims=True), 1)

    def to_dict(self):
        """Return the statistics, from which `build` restores the codec."""
        return {"mean": list(self.mean), "deviation": list(self.deviation)}


def build(config, classes=0, codec=None):
    """Return the networks of a SpecGAN.

    Parameters
    ----------
    config : GanConfig
        Of which `dim`, `samples`, `channels` and `latent` count here.
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
        Spectrogram(2 * side, **{key: tuple(value) for key, value in (codec or {}).items()}),
    )
