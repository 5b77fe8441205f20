"""Audio brought to the mel spectrogram that it was made from: a vocoder's phases, corrected levels.

A vocoder misses the mel spectrogram that it is given by some decibels. Each turn measures by how
much, spreads that over the bins and corrects their magnitudes; the phases stay the vocoder's.
"""

import tensorflow as tf

from gan import transforms

MOST = 6.0
SMALLEST = 1e-9


def share(rate, size, mels):
    """Return how much each band has to say about each bin, ndarray [mels, size / 2 + 1]."""
    bank = transforms.bank(rate, size, mels)
    return (bank / (bank.sum(1, keepdims=True) + SMALLEST)).T


def correct(audio, wanted, config, turns):
    """Return audio whose log-mel spectrogram is nearer to the one wanted.

    Parameters
    ----------
    audio : Tensor [batch, frames * hop]
        What a vocoder made.
    wanted : Tensor [batch, frames, mels]
        What it made it from, see `gan.transforms.log_mel`.
    config : GanConfig
        Of which `rate`, `fft`, `hop` and `mels` count here.
    turns : int
        How often to correct.

    Returns
    -------
    Tensor [batch, frames * hop]
        A band is raised or lowered by at most e^6 a turn.
    """
    spread = share(config.rate, config.fft, config.mels)
    for _ in range(turns):
        found = transforms.log_mel(audio, config.rate, config.fft, config.hop, config.mels)
        gain = tf.exp(tf.clip_by_value(wanted - found, -MOST, MOST) @ spread)
        spectra = transforms.stft(audio, config.fft, config.hop)
        real, imaginary = tf.math.real(spectra) * gain, tf.math.imag(spectra) * gain
        audio = transforms.istft(real, imaginary, config.fft, config.hop)
    return audio
