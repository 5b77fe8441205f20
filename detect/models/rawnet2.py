"""RawNet2 on the waveform, a baseline of ASVspoof 2021.

Source: H. Tak et al., *End-to-end anti-spoofing with RawNet2*, ICASSP 2021. The published code
normalises the input of a residual block and then forgets to use it; here the block is that of the
paper. The number of parameters is the same.
"""

from detect.models.sinc import sinc

CHANNELS = (20, 20, 128, 128, 128, 128)


def build(shape, filters=20, taps=1025, units=1024, recurrent=3):
    """Return sinc filters, six residual blocks with feature-map scaling, and a GRU.

    Parameters
    ----------
    shape : tuple of int
        (samples, 1).
    filters, taps : int
        Number and length of the sinc filters.
    units, recurrent : int
        Width and number of GRU layers.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    x = layers.MaxPooling1D(3)(ops.absolute(sinc(inputs, filters, taps)))
    x = layers.Activation("selu")(_normalise(x))
    for index, channels in enumerate(CHANNELS):
        x = _scale(_residual(x, channels, first=index == 0))
    x = layers.Activation("selu")(_normalise(x))
    for index in range(recurrent):
        x = layers.GRU(units, return_sequences=index < recurrent - 1)(x)
    x = layers.Dense(units)(x)
    return keras.Model(inputs, layers.Dense(1)(x), name="rawnet2")


def _normalise(x):
    from keras import layers

    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def _residual(x, channels, first):
    from keras import layers

    y = x if first else layers.LeakyReLU(0.3)(_normalise(x))
    y = layers.Conv1D(channels, 3, padding="same")(y)
    y = layers.LeakyReLU(0.3)(_normalise(y))
    y = layers.Conv1D(channels, 3, padding="same")(y)
    if x.shape[-1] != channels:
        x = layers.Conv1D(channels, 1)(x)
    return layers.MaxPooling1D(3)(layers.Add()([x, y]))


def _scale(x):
    """Feature-map scaling: x s + s, with s from the mean of each channel over time."""
    from keras import layers

    s = layers.Dense(x.shape[-1], activation="sigmoid")(layers.GlobalAveragePooling1D()(x))
    s = layers.Reshape((1, -1))(s)
    return layers.Add()([layers.Multiply()([x, s]), s])
