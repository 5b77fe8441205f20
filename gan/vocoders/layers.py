"""Layers that vocoders and their critics share."""

import keras
import tensorflow as tf

from gan import transforms

LOUDEST = 100.0


@keras.saving.register_keras_serializable("gan")
class Scale(keras.layers.Layer):
    """Product with one learnt number a channel, which starts at `initial`."""

    def __init__(self, initial, **options):
        super().__init__(**options)
        self.initial = initial

    def build(self, shape):
        """Make the numbers [channels]."""
        start = keras.initializers.Constant(self.initial)
        self.scale = self.add_weight((shape[-1],), initializer=start, name="scale")

    def call(self, x):
        """Return `x` [..., channels], scaled."""
        return x * tf.cast(self.scale, x.dtype)


@keras.saving.register_keras_serializable("gan")
class InverseSTFT(keras.layers.Layer):
    """Logarithms of magnitudes, and phases, to audio.

    Parameters
    ----------
    size, hop : int
        Frame length and distance in samples.

    References
    ----------
    Siuzdak, "Vocos: closing the gap between time-domain and Fourier-based neural vocoders for
    high-quality audio synthesis", ICLR 2024 (arXiv 2306.00814), section 3.
    """

    def __init__(self, size, hop, **options):
        super().__init__(dtype="float32", **options)
        self.size, self.hop = size, hop

    def call(self, x):
        """Return audio [batch, frames * hop] of `x` [batch, frames, size + 2]."""
        logarithm, phase = tf.split(x, 2, axis=-1)
        magnitude = tf.minimum(tf.exp(tf.minimum(logarithm, 10.0)), LOUDEST)
        real, imaginary = magnitude * tf.cos(phase), magnitude * tf.sin(phase)
        return transforms.istft(real, imaginary, self.size, self.hop)


@keras.saving.register_keras_serializable("gan")
class Spectrum(keras.layers.Layer):
    """Audio to logarithms of magnitudes and directions of phases, bins as channels.

    Parameters
    ----------
    size : int
        Frame length in samples; frames are a quarter of it apart.
    """

    def __init__(self, size, **options):
        super().__init__(dtype="float32", **options)
        self.size = size

    def call(self, audio):
        """Return [batch, frames, 3 * (size / 2 + 1)] of `audio` [batch, samples]."""
        spectra = transforms.stft(audio, self.size, self.size // 4)
        magnitude = transforms.magnitude(spectra) + transforms.FLOOR
        parts = tf.math.real(spectra) / magnitude, tf.math.imag(spectra) / magnitude
        return tf.concat([tf.math.log(magnitude), parts[0] / 2, parts[1] / 2], -1)


@keras.saving.register_keras_serializable("gan")
class Magnitude(keras.layers.Layer):
    """Audio [batch, samples] to magnitudes [batch, frames, bins, 1], frames a quarter apart."""

    def __init__(self, size, **options):
        super().__init__(dtype="float32", **options)
        self.size = size

    def call(self, audio):
        """Return the magnitudes of `audio`."""
        spectra = transforms.stft(audio, self.size, self.size // 4)
        return transforms.magnitude(spectra)[..., None]


@keras.saving.register_keras_serializable("gan")
class Fold(keras.layers.Layer):
    """Audio [batch, samples] as every `period`-th sample: [batch * period, samples / period, 1].

    The end is padded with zeros to a whole number of periods.
    """

    def __init__(self, period, **options):
        super().__init__(**options)
        self.period = period

    def call(self, audio):
        """Return the folded `audio`."""
        length = audio.shape[1] + -audio.shape[1] % self.period
        padded = tf.pad(audio, [[0, 0], [0, length - audio.shape[1]]])
        columns = tf.reshape(padded, [-1, length // self.period, self.period])
        return tf.reshape(tf.transpose(columns, [0, 2, 1]), [-1, length // self.period, 1])
