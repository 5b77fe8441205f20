"""Graphs of bands and of frames that attend to each other, and the residual blocks before them.

Shared by AASIST on the waveform and on the frames of an encoder; the source is in
`detect.models.aasist`. Layers have the names of the published code, whose weights load.
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

NODES = 32  # width of the heterogeneous layers


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
