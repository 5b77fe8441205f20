"""Spectral and temporal graphs on a log-mel spectrogram, fused into a third graph.

Source: H. Tak et al., *End-to-end spectro-temporal graph attention networks for speaker
verification anti-spoofing and speech deepfake detection*, ASVspoof workshop 2021 (RawGAT-ST), whose
encoder of the waveform is replaced by one of the spectrogram.
"""

from detect.models.blocks.graphs import attend, pool
from detect.models.blocks.residual import activate, basic, convolve


def build(shape, width=64, nodes=12, dropout=0.2):
    """Return a residual encoder, a graph of bands, a graph of moments and a graph of both.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 16 by 16.
    width : int
        Channels of the encoder's last block and length of a node.
    nodes : int
        Nodes of the graph of both.
    dropout : float
        Share of the readout left out in training.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers, ops

    from detect.layers import Learned

    inputs = keras.Input(shape)
    size = ops.absolute(_encode(inputs, width))
    spectral = Learned(name="bands")(ops.max(size, axis=1))
    temporal = ops.max(size, axis=2)
    kinds = [_meet(pool(attend(x, width // 2, 2.0), 0.8), nodes) for x in (spectral, temporal)]
    both = pool(attend(layers.Multiply()(kinds), width // 2, 2.0), 0.6)
    x = layers.Concatenate()([ops.max(both, axis=1), ops.mean(both, axis=1)])
    return keras.Model(inputs, layers.Dense(1)(layers.Dropout(dropout)(x)), name="gnn")


def _encode(x, width):
    """Return a picture [frames / 8, bands / 4, width]."""
    from keras import layers

    x = layers.MaxPooling2D(2)(activate(convolve(x, width // 2, 3)))
    x = layers.MaxPooling2D(2)(basic(x, width // 2, 1, True))
    return layers.MaxPooling2D((2, 1))(basic(x, width, 1, True))


def _meet(x, nodes):
    """Return learned mixtures of nodes, so many that two graphs can be multiplied."""
    from keras import layers

    return layers.Permute((2, 1))(layers.Dense(nodes)(layers.Permute((2, 1))(x)))
