"""RawNet2 on the waveform, a baseline of ASVspoof 2021.

Source: H. Tak et al., *End-to-end anti-spoofing with RawNet2*, ICASSP 2021. Layers have the names
of the published code, whose weights load.
"""

from detect.models.blocks.graphs import normalise
from detect.models.blocks.names import under
from detect.models.blocks.sinc import sinc

CHANNELS = (20, 20, 128, 128, 128, 128)


def build(shape, filters=20, taps=1025, units=1024, recurrent=3, preactivated=False):
    """Return sinc filters, six residual blocks with feature-map scaling, and a GRU.

    Parameters
    ----------
    shape : tuple of int
        (samples, 1).
    filters, taps : int
        Number and length of the sinc filters.
    units, recurrent : int
        Width and number of GRU layers.
    preactivated : bool
        As for detect.models.aasist.build.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    x = layers.MaxPooling1D(3)(ops.absolute(sinc(inputs, filters, taps)))
    x = layers.Activation("selu")(normalise(x, "first_bn"))
    for index, channels in enumerate(CHANNELS):
        x = _residual(x, channels, preactivated and index > 0, f"block{index}.0")
        x = _scale(x, f"fc_attention{index}.0")
    x = layers.Activation("selu")(normalise(x, "bn_before_gru"))
    for index in range(recurrent):
        more = index < recurrent - 1
        x = layers.GRU(units, return_sequences=more, name=f"gru_l{index}")(x)
    x = layers.Dense(units, name="fc1_gru")(x)
    return keras.Model(inputs, layers.Dense(1, name="fc2_gru")(x), name="rawnet2")


def _residual(x, channels, preactivated, name):
    from keras import layers

    y = x
    if preactivated:
        y = layers.LeakyReLU(0.3)(normalise(y, under(name, "bn1")))
    y = layers.Conv1D(channels, 3, padding="same", name=under(name, "conv1"))(y)
    y = layers.LeakyReLU(0.3)(normalise(y, under(name, "bn2")))
    y = layers.Conv1D(channels, 3, padding="same", name=under(name, "conv2"))(y)
    if x.shape[-1] != channels:
        x = layers.Conv1D(channels, 1, name=under(name, "conv_downsample"))(x)
    return layers.MaxPooling1D(3)(layers.Add()([x, y]))


def _scale(x, name):
    """Feature-map scaling: x s + s, with s from the mean of each channel over time."""
    from keras import layers

    s = layers.GlobalAveragePooling1D()(x)
    s = layers.Dense(x.shape[-1], activation="sigmoid", name=name)(s)
    s = layers.Reshape((1, -1))(s)
    return layers.Add()([layers.Multiply()([x, s]), s])
