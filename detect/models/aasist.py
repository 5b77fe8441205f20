"""AASIST and AASIST-L: spectral and temporal graphs that attend to each other.

Source: J. Jung et al., *AASIST: Audio anti-spoofing using integrated spectro-temporal graph
attention networks*, ICASSP 2022. Layers have the names of the published code, whose weights load.
"""

from detect.models.blocks.graphs import (
    attend,
    listen,
    normalise,
    pairs,
    pool,
    project,
    score,
    weigh,
)
from detect.models.blocks.names import under
from detect.models.blocks.sinc import sinc

NODES = 32  # width of the heterogeneous layers


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


def read(spectral, temporal, width, keep):
    """Return the logit of two graphs.

    Parameters
    ----------
    spectral, temporal : KerasTensor [bands, width], [frames, width]
        Nodes.
    width : int
        Width of the nodes that the first layers make.
    keep : tuple of float
        Share of nodes kept: spectral, temporal, and in the branches.

    Returns
    -------
    KerasTensor [1]
    """
    from keras import layers, ops

    from detect.layers import Learned

    spectral = Learned(name="pos_S")(spectral)
    spectral = pool(attend(spectral, width, 2.0, "GAT_layer_S"), keep[0], "pool_S")
    temporal = attend(temporal, width, 2.0, "GAT_layer_T")
    temporal = pool(temporal, keep[1], "pool_T")
    branches = [_branch(temporal, spectral, keep[2], k) for k in (1, 2)]
    branches = [[layers.Dropout(0.2)(nodes) for nodes in branch] for branch in branches]
    temporal, spectral, master = (layers.Maximum()(pair) for pair in zip(*branches, strict=True))
    readout = []
    for nodes in (temporal, spectral):
        readout += [ops.max(ops.absolute(nodes), axis=1), ops.mean(nodes, axis=1)]
    x = layers.Concatenate()([*readout, layers.Flatten()(master)])
    return layers.Dense(1, name="out_layer")(layers.Dropout(0.5)(x))


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


def residual(x, channels, preactivated, name):
    """Return two convolutions over bands and frames, added to their input.

    Parameters
    ----------
    x : KerasTensor [bands, frames, maps]
        The input.
    channels : int
        Feature maps.
    preactivated : bool
        See `build`.
    name : str
        Of the block.

    Returns
    -------
    KerasTensor [bands, frames, channels]
    """
    from keras import layers

    y = x
    if preactivated:
        y = layers.Activation("selu")(normalise(y, under(name, "bn1")))
    y = layers.ZeroPadding2D((1, 1))(y)
    y = layers.Conv2D(channels, (2, 3), name=under(name, "conv1"))(y)
    y = layers.Activation("selu")(normalise(y, under(name, "bn2")))
    y = layers.ZeroPadding2D((0, 1))(y)
    y = layers.Conv2D(channels, (2, 3), name=under(name, "conv2"))(y)
    if x.shape[-1] != channels:
        own = under(name, "conv_downsample")
        x = layers.Conv2D(channels, (1, 3), padding="same", name=own)(x)
    return layers.Add()([x, y])


def _branch(temporal, spectral, share, number):
    """Two heterogeneous layers, the second added to the first."""
    from keras import layers, ops

    from detect.layers import Learned

    start = 0.0 * ops.mean(temporal, axis=1, keepdims=True)
    master = Learned(name=f"master{number}")(start)
    mix = f"HtrgGAT_layer_ST{number}"
    temporal, spectral, master = _mix(temporal, spectral, master, f"{mix}1")
    spectral = pool(spectral, share, f"pool_hS{number}")
    temporal = pool(temporal, share, f"pool_hT{number}")
    second = _mix(temporal, spectral, master, f"{mix}2")
    firsts = temporal, spectral, master
    return [layers.Add()([a, b]) for a, b in zip(firsts, second, strict=True)]


def _mix(temporal, spectral, master, name, temperature=100.0):
    """Heterogeneous graph attention with a master node that listens to all nodes."""
    from keras import layers, ops

    split = temporal.shape[1]
    kinds = [
        layers.Dense(nodes.shape[-1], name=under(name, f"proj_type{k}"))(nodes)
        for k, nodes in enumerate((temporal, spectral), 1)
    ]
    x = layers.Dropout(0.2)(layers.Concatenate(axis=1)(kinds))
    scores = score(pairs(x), NODES, under(name, "att_proj"))
    attention = listen(_between(scores, split, name), temperature)
    heard = score(x * master, NODES, under(name, "att_projM"))
    heard = listen(weigh(heard, under(name, "att_weightM")), temperature)
    master = project(ops.expand_dims(heard, 1), x, master, NODES, name, "M")
    x = normalise(project(attention, x, x, NODES, name), under(name, "bn"))
    x = layers.Activation("selu")(x)
    return x[:, :split], x[:, split:], master


def _between(scores, split, name):
    """Return weights [n, n, 1] that depend on the kinds of the two nodes."""
    from keras import layers, ops

    first, second, across = (
        layers.Dense(1, use_bias=False, name=under(name, f"att_weight{kinds}"))
        for kinds in ("11", "22", "12")
    )
    top = [first(scores[:, :split, :split]), across(scores[:, :split, split:])]
    bottom = [across(scores[:, split:, :split]), second(scores[:, split:, split:])]
    return ops.concatenate([ops.concatenate(part, axis=2) for part in (top, bottom)], axis=1)
