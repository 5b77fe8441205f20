"""What judges a vocoder: each critic gives its features and, as the last of them, a verdict.

`frames` are for processors: one-dimensional networks over the frames of a spectrum, its bins as
channels, several times cheaper than two-dimensional ones. The others are those of the papers.
"""

import keras

from gan.vocoders.layers import Spectrum

SLOPE = 0.1
SIZES = (512, 1024, 256)


def _rectified(x):
    return keras.layers.LeakyReLU(negative_slope=SLOPE)(x)


def frames(audio, dim):
    """Return the features of three one-dimensional networks on spectra of different frames.

    Parameters
    ----------
    audio : KerasTensor [batch, samples]
        Real or copied.
    dim : int
        Channels of each layer.

    Returns
    -------
    list of list of KerasTensor
        One list a network; all at frame rate or a half and a quarter of it.
    """
    judged = []
    for size in SIZES:
        x, features = Spectrum(size)(audio), []
        for stride in (1, 2, 2):
            x = _rectified(keras.layers.Conv1D(dim, 5, stride, "same")(x))
            features.append(x)
        features.append(keras.layers.Conv1D(1, 3, padding="same")(x))
        judged.append(features)
    return judged


CRITICS = {"frames": frames}


def build(config):
    """Return the critics that `config.critics` names as one model of audio [batch, samples]."""
    audio = keras.Input((config.samples,), name="audio")
    judged = []
    for name in config.critics:
        judged += CRITICS[name](audio, config.critic_dim)
    return keras.Model(audio, judged, name="critic")
