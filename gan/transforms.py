"""Short-time spectra inside TensorFlow graphs, with gradients, and the mel spectrogram.

Audio is [batch, samples] and `samples` a multiple of the hop. There is one frame a hop, centred on
the middle of its hop, and zeros stand before and after the audio: a frame belongs to exactly
`hop` samples, so that what is made from frames has the length and the timing of its original.
"""

from functools import cache

import tensorflow as tf

from audio import dsp

FLOOR = 1e-5
TINY = 1e-12


@cache
def window(size):
    """Return the periodic Hann window of `size` samples, ndarray float32."""
    return dsp.hann(size).astype("float32")


@cache
def bank(rate, size, mels):
    """Return Slaney's mel filters up to half the rate, ndarray [size / 2 + 1, mels], float32."""
    return dsp.slaney_bank(rate, size, mels, 0, rate / 2).astype("float32")


def stft(audio, size, hop):
    """Return the short-time Fourier transform.

    Parameters
    ----------
    audio : Tensor [batch, samples]
        `samples` is a multiple of `hop`.
    size, hop : int
        Frame length and distance in samples; their difference is even.

    Returns
    -------
    Tensor [batch, samples / hop, size / 2 + 1], complex64
        Hann window.
    """
    edge = (size - hop) // 2
    padded = tf.pad(audio, [[0, 0], [edge, edge]])
    frames = tf.signal.frame(padded, size, hop)
    return tf.signal.rfft(frames * window(size))


def istft(real, imaginary, size, hop):
    """Return the audio whose transform is nearest in the least-squares sense.

    Parameters
    ----------
    real, imaginary : Tensor [batch, frames, size / 2 + 1]
        As `stft` gives them, or any other.
    size, hop : int
        Frame length and distance in samples.

    Returns
    -------
    Tensor [batch, frames * hop], float32
        Divided by the sum of squared windows.

    References
    ----------
    Griffin and Lim, "Signal estimation from modified short-time Fourier transform", IEEE
    Transactions on Acoustics, Speech, and Signal Processing, 1984, equation 6.
    """
    shape = window(size)
    frames = tf.signal.irfft(tf.complex(real, imaginary), [size]) * shape
    squares = tf.broadcast_to(tf.constant(shape**2), [tf.shape(frames)[1], size])
    total = tf.signal.overlap_and_add(frames, hop)
    weight = tf.signal.overlap_and_add(squares, hop)
    edge = (size - hop) // 2
    return total[:, edge : tf.shape(total)[1] - edge] / weight[edge : tf.shape(weight)[0] - edge]


def magnitude(spectra):
    """Return magnitudes whose gradient is finite where they are 0."""
    power = tf.math.real(spectra) ** 2 + tf.math.imag(spectra) ** 2
    return tf.sqrt(tf.maximum(power, TINY))


def log_mel(audio, rate, size, hop, mels):
    """Return the natural logarithm of the mel spectrogram of magnitudes, at least ln 1e-5.

    Parameters
    ----------
    audio : Tensor [batch, samples]
        `samples` is a multiple of `hop`.
    rate : int
        Sampling rate in Hz.
    size, hop, mels : int
        Frame length, distance and number of bands.

    Returns
    -------
    Tensor [batch, samples / hop, mels]
        Float32.
    """
    bands = tf.matmul(magnitude(stft(audio, size, hop)), bank(rate, size, mels))
    return tf.math.log(tf.maximum(bands, FLOOR))
