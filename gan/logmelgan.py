"""LogMelGAN: log-mel spectrograms of a vocoder, which speaks them.

A convolutional generator whose every scale hears the latents (Brock et al., 2019), for the logistic
loss with R1 (Mescheder et al., 2018) and differentiable augmentation (Zhao et al., 2020). An image
of a second has a third of SpecGAN's pixels, and its phases come from a network that knows speech.

References
----------
Brock, Donahue, Simonyan, "Large Scale GAN Training for High Fidelity Natural Image Synthesis",
ICLR 2019, section 3.1 (latents at every scale). Karras, Laine, Aila, "A Style-Based Generator
Architecture for Generative Adversarial Networks", CVPR 2019, equation 1 (scale and shift).
"""

from dataclasses import dataclass, replace

import keras
import numpy as np

from experiment.errors import UsageError
from experiment.seeds import rng
from gan import networks
from gan.images import Images, described, open_vocoder, speaker
from gan.layers import LeakyReLU

WIDTHS = (8, 4, 2, 1)  # of the critic's last scale to its first, times dim
SCALE = 2 ** len(WIDTHS)
KERNEL = 5
LOUDER = 12.0  # brings the critic's first features to a variance of about 1
FREQUENCY = 100.0


@dataclass(frozen=True, kw_only=True)
class LogMel(Images):
    """Images of the log-mel spectrogram that the vocoder understands; it has one channel."""

    def spoken_by(self, vocoder, rate):
        """Return the codec with another vocoder of equal mel spectrograms."""
        if not vocoder:
            raise UsageError("griffinlim does not invert mel spectrograms; name a vocoder")
        ours = open_vocoder(self.vocoder).config
        theirs = speaker(vocoder, rate).config
        for name in ("mels", "fft", "hop"):
            if getattr(ours, name) != getattr(theirs, name):
                raise UsageError(f"{vocoder} and {self.vocoder} differ in {name}; choose another")
        return replace(self, vocoder=vocoder)

    def _log(self, audio):
        return described(audio, open_vocoder(self.vocoder).config)[..., None]

    def _sound(self, log):
        return open_vocoder(self.vocoder).speak(log[..., 0])[..., None]


@keras.saving.register_keras_serializable("gan")
class Texture(keras.layers.Layer):
    """Noise at every place, weighted per channel; the same for the same latents.

    The noise is the sine of fixed random sums of the latents, so large that neighbouring places,
    and latents that are near each other, have nothing in common.

    Parameters
    ----------
    index : int
        Names the random sums.
    """

    def __init__(self, index, **options):
        super().__init__(**options)
        self.index = index

    def build(self, x_shape, z_shape):
        """Make the weights [channels], zero at first, and the random sums."""
        self.weight = self.add_weight((x_shape[-1],), initializer="zeros", name="weight")
        draw = rng(self.index, "texture").normal(
            0, FREQUENCY, (z_shape[-1], x_shape[1] * x_shape[2])
        )
        self.sums = draw.astype("float32")

    def call(self, x, z):
        """Return `x` [batch, frames, bands, n] with the noise of `z` [batch, latent]."""
        noise = keras.ops.sin(keras.ops.matmul(keras.ops.cast(z, "float32"), self.sums))
        noise = keras.ops.reshape(noise, (-1, *x.shape[1:3], 1))
        return x + keras.ops.cast(noise, x.dtype) * keras.ops.cast(self.weight, x.dtype)

    def compute_output_shape(self, x_shape, z_shape):
        """Return the shape of `x`."""
        return x_shape

    def get_config(self):
        """Return what rebuilds the layer."""
        return {**super().get_config(), "index": self.index}


def modulate(x, z):
    """Return `x` [batch, frames, bands, n], each place normalised, scaled and shifted by `z`."""
    width = x.shape[-1]
    x = keras.layers.LayerNormalization(center=False, scale=False)(x)
    scale, offset = (
        keras.layers.Reshape((1, 1, width))(keras.layers.Dense(width, bias_initializer=first)(z))
        for first in ("ones", "zeros")
    )
    return keras.layers.Add()([keras.layers.Multiply()([x, scale]), offset])


def build(config, classes=0, codec=None):
    """Return the networks of a LogMelGAN.

    Parameters
    ----------
    config : GanConfig
        Of which `dim`, `samples`, `latent` and `vocoder` count here.
    classes : int
        Number of classes of a conditional model.
    codec : dict, optional
        What the codec of a trained model returned by ``to_dict``.

    Returns
    -------
    Networks
        Signals are images [batch, frames, mels, 1].

    Raises
    ------
    UsageError
        If the vocoder does not fit the rate, or its frames and mels do not fit the scales.
    """
    side = _side(config)
    widths = [config.dim * width for width in WIDTHS]

    def synthesise(z):
        start = (side[0] // SCALE, side[1] // SCALE, widths[0])
        x = keras.layers.Dense(int(np.prod(start)), name="project")(z)
        x = LeakyReLU()(keras.layers.Reshape(start)(x))
        for i, width in enumerate((*widths[1:], -(-config.dim // 2))):
            x = keras.layers.Conv2DTranspose(width, 4, 2, "same", name=f"up_{i}")(x)
            x = LeakyReLU()(modulate(Texture(i)(x, z), z))
        x = keras.layers.Conv2D(1, KERNEL, padding="same", name="image")(x)
        return keras.layers.Activation("tanh", dtype="float32")(x)

    def judge(x, shifts):
        x = keras.layers.Rescaling(LOUDER)(x)
        for i, width in enumerate(widths[::-1]):
            x = LeakyReLU()(keras.layers.Conv2D(width, KERNEL, 2, "same", name=f"down_{i}")(x))
        return keras.layers.Flatten()(x)

    return networks.Networks(
        networks.generator(config.latent, classes, synthesise),
        networks.critic((*side, 1), classes, judge),
        LogMel.restored(codec, config.vocoder),
    )


def _side(config):
    """Return frames and mels of a clip."""
    known = speaker(config.vocoder, config.rate).config
    side = config.samples // known.hop, known.mels
    if any(n % SCALE for n in side):
        raise UsageError(
            f"{config.vocoder} makes {side[0]} frames of {side[1]} mels of {config.samples} samples"
            f"; both must be multiples of {SCALE}"
        )
    return side
