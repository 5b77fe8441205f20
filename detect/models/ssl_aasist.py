"""AASIST on the hidden states of an encoder: with XLS-R in front, the field's baseline.

Source: H. Tak et al., *Automatic speaker verification spoofing and deepfake detection using
wav2vec 2.0 and data augmentation*, Odyssey 2022, section 3, and its code
(github.com/TakHemlata/SSL_Anti-spoofing): nodes are means over frames and over channels that an
attention weighs; blocks do not pool.
"""

from detect.models.blocks.frames import frames
from detect.models.blocks.graphs import normalise
from detect.models.blocks.spectrotemporal import read, residual

BANDS = 128  # width of the projection, whose places count as bands
KEEP = (0.5, 0.5, 0.5)


def build(shape, width=64, preactivated=False):
    """Return a projection, six residual blocks, two graphs, two branches, a readout.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, 1), (frames, width) or (blocks, frames, width).
    width : int
        Channels of the last blocks and width of the nodes.
    preactivated : bool
        As in detect.models.aasist.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    x = layers.Dense(BANDS, name="LL")(frames(inputs))
    x = layers.Reshape((BANDS, -1, 1))(layers.Permute((2, 1))(x))
    x = layers.Activation("selu")(normalise(layers.MaxPooling2D(3)(x), "first_bn"))
    for index, channels in enumerate((32, 32, width, width, width, width)):
        x = residual(x, channels, preactivated and index > 0, f"encoder.{index}.0")
    x = layers.Activation("selu")(normalise(x, "first_bn1"))
    weight = _attention(x, width)
    spectral = ops.sum(x * ops.softmax(weight, axis=2), axis=2)
    temporal = ops.sum(x * ops.softmax(weight, axis=1), axis=1)
    return keras.Model(inputs, read(spectral, temporal, width, KEEP), name="ssl_aasist")


def _attention(x, width):
    from keras import layers

    y = layers.Conv2D(2 * width, 1, activation="selu", name="attention.0")(x)
    return layers.Conv2D(width, 1, name="attention.3")(normalise(y, "attention.2"))
