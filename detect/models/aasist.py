"""AASIST and AASIST-L: spectral and temporal graphs that attend to each other.

Source: J. Jung et al., *AASIST: Audio anti-spoofing using integrated spectro-temporal graph
attention networks*, ICASSP 2022. Layers have the names of the published code, whose weights load.
"""

from detect.models.blocks.graphs import normalise
from detect.models.blocks.sinc import sinc
from detect.models.blocks.spectrotemporal import read, residual


def light(shape, preactivated=False):
    """Return AASIST-L; see `build`."""
    return build(shape, width=24, keep=(0.4, 0.5, 0.7), preactivated=preactivated, name="aasist_l")


def build(shape, width=64, keep=(0.5, 0.7, 0.5), preactivated=False, name="aasist"):
    """Return sinc filters, six residual blocks, two graphs, two heterogeneous branches, a readout.

    Parameters
    ----------
    shape : tuple of int
        (samples, 1); or [frames, width] of an encoder, for which the network is that of
        detect.models.ssl_aasist.
    width : int
        Channels of the last blocks and width of the nodes.
    keep : tuple of float
        Share of nodes kept: spectral, temporal, and in the branches.
    preactivated : bool
        Normalise and activate what goes into a residual block's first convolution, as the paper
        draws it. The published code computes this and then passes on the input as it is; all
        published figures and weights are of that network, the default here.
    name : str
        Name of the model.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import ops

    if shape[-1] > 1:
        from detect.models.ssl_aasist import build as on_frames

        return on_frames(shape, width, preactivated)
    inputs = keras.Input(shape)
    size = ops.absolute(_encode(inputs, width, preactivated))
    logit = read(ops.max(size, axis=2), ops.max(size, axis=1), width, keep)
    return keras.Model(inputs, logit, name=name)


def _encode(inputs, width, preactivated):
    """Return the picture [bands, frames, width] of the residual encoder."""
    from keras import layers, ops

    x = ops.absolute(sinc(inputs, 70, 129))
    x = layers.Reshape((70, -1, 1))(layers.Permute((2, 1))(x))
    x = layers.Activation("selu")(normalise(layers.MaxPooling2D(3)(x), "first_bn"))
    for index, channels in enumerate((32, 32, width, width, width, width)):
        x = residual(x, channels, preactivated and index > 0, f"encoder.{index}.0")
        x = layers.MaxPooling2D((1, 3))(x)
    return x
