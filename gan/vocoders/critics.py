"""What judges a vocoder: each critic gives its features and, as the last of them, a verdict.

`frames` are for processors: one-dimensional networks over the frames of a spectrum, its bins as
channels, several times cheaper than two-dimensional ones. The others are those of the papers.
"""

import keras

from gan.vocoders.layers import Fold, Magnitude, Spectrum

SLOPE = 0.1
SIZES = (512, 1024, 256)
PERIODS = (2, 3, 5, 7, 11)
SCALES = (  # width, taps, stride, groups
    (4, 15, 1, 1),
    (4, 41, 2, 4),
    (8, 41, 2, 16),
    (16, 41, 4, 16),
    (32, 41, 4, 16),
    (32, 41, 1, 16),
    (32, 5, 1, 1),
)


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


def periods(audio, dim):
    """Return the features of five networks, each on the audio folded at a prime period.

    Parameters
    ----------
    audio : KerasTensor [batch, samples]
        Real or copied.
    dim : int
        Channels of the first layer; the last has 32 times as many. 32 in the paper.

    Returns
    -------
    list of list of KerasTensor
        One list a period.

    References
    ----------
    Kong, Kim, Bae, "HiFi-GAN", NeurIPS 2020, section 2.3 and appendix A.2.
    """
    judged = []
    for period in PERIODS:
        x, features = Fold(period)(audio), []
        for i, wider in enumerate((1, 4, 16, 32, 32)):
            x = _rectified(keras.layers.Conv1D(wider * dim, 5, 3 if i < 4 else 1, "same")(x))
            features.append(x)
        features.append(keras.layers.Conv1D(1, 3, padding="same")(x))
        judged.append(features)
    return judged


def resolutions(audio, dim):
    """Return the features of three two-dimensional networks on magnitudes.

    Parameters
    ----------
    audio : KerasTensor [batch, samples]
        Real or copied.
    dim : int
        Channels of each layer; 32 in the paper.

    Returns
    -------
    list of list of KerasTensor
        One list a resolution.

    References
    ----------
    Jang et al., "UnivNet", Interspeech 2021, section 2.2; frames here are a quarter apart.
    """
    judged = []
    for size in (1024, 2048, 512):
        x, features = Magnitude(size)(audio), []
        for kernel, stride in (((3, 9), 1), *[((3, 9), (1, 2))] * 3, ((3, 3), 1)):
            x = _rectified(keras.layers.Conv2D(dim, kernel, stride, "same")(x))
            features.append(x)
        features.append(keras.layers.Conv2D(1, 3, padding="same")(x))
        judged.append(features)
    return judged


def scales(audio, dim):
    """Return the features of three networks on the audio and on running means of it.

    Parameters
    ----------
    audio : KerasTensor [batch, samples]
        Real or copied.
    dim : int
        A quarter of the first layer's channels; 32 in the paper.

    Returns
    -------
    list of list of KerasTensor
        One list a scale. Grouped convolutions: the gradient needs a GPU.

    References
    ----------
    Kumar et al., "MelGAN", NeurIPS 2019, section 2.2, with the widths of HiFi-GAN's appendix A.2.
    """
    x, judged = keras.layers.Reshape((-1, 1))(audio), []
    for scale in range(3):
        if scale:
            x = keras.layers.AveragePooling1D(4, 2, "same")(x)
        y, features = x, []
        for wider, taps, stride, groups in SCALES:
            layer = keras.layers.Conv1D(wider * dim, taps, stride, "same", groups=groups)
            y = _rectified(layer(y))
            features.append(y)
        features.append(keras.layers.Conv1D(1, 3, padding="same")(y))
        judged.append(features)
    return judged


CRITICS = {"frames": frames, "periods": periods, "resolutions": resolutions, "scales": scales}


def build(config):
    """Return the critics of a configuration.

    Parameters
    ----------
    config : GanConfig
        Of which `critics`, `critic_dim` and `samples` count here.

    Returns
    -------
    keras.Model
        Audio [batch, samples] to one list a critic: its features, the last of them its verdict.
    """
    audio = keras.Input((config.samples,), name="audio")
    judged = []
    for name in config.critics:
        judged += CRITICS[name](audio, config.critic_dim)
    return keras.Model(audio, judged, name="critic")
