"""AASIST and AASIST-L: spectral and temporal graphs that attend to each other.

Source: J. Jung et al., *AASIST: Audio anti-spoofing using integrated spectro-temporal graph
attention networks*, ICASSP 2022. The published code normalises the input of a residual block and
then forgets to use it; here the block is that of the paper. The number of parameters is the same.
"""

from detect.models.graphs import attend, normalise, pairs, pool, project, score
from detect.models.sinc import sinc

NODES = 32  # width of the heterogeneous layers


def light(shape):
    """Return AASIST-L; see `build`."""
    return build(shape, width=24, keep=(0.4, 0.5, 0.7), name="aasist_l")


def build(shape, width=64, keep=(0.5, 0.7, 0.5), name="aasist"):
    """Return sinc filters, six residual blocks, two graphs, two heterogeneous branches, a readout.

    Parameters
    ----------
    shape : tuple of int
        (samples, 1).
    width : int
        Channels of the last blocks and width of the nodes.
    keep : tuple of float
        Share of nodes kept: spectral, temporal, and in the branches.
    name : str
        Name of the model.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers, ops

    from detect.layers import Learned

    inputs = keras.Input(shape)
    x = _encode(inputs, width)
    size = ops.absolute(x)
    spectral = Learned(name="places")(ops.max(size, axis=2))
    spectral = pool(attend(spectral, width, 2.0), keep[0])
    temporal = pool(attend(ops.max(size, axis=1), width, 2.0), keep[1])
    branches = [_branch(temporal, spectral, keep[2], f"master_{k}") for k in (1, 2)]
    branches = [[layers.Dropout(0.2)(nodes) for nodes in branch] for branch in branches]
    temporal, spectral, master = (layers.Maximum()(pair) for pair in zip(*branches, strict=True))
    readout = [layers.Flatten()(master)]
    for nodes in (temporal, spectral):
        readout += [ops.max(ops.absolute(nodes), axis=1), ops.mean(nodes, axis=1)]
    x = layers.Dropout(0.5)(layers.Concatenate()(readout))
    return keras.Model(inputs, layers.Dense(1)(x), name=name)


def _encode(inputs, width):
    """Return the picture [bands, frames, width] of the residual encoder."""
    from keras import layers, ops

    x = ops.absolute(sinc(inputs, 70, 129))
    x = layers.Reshape((70, -1, 1))(layers.Permute((2, 1))(x))
    x = layers.Activation("selu")(normalise(layers.MaxPooling2D(3)(x)))
    for index, channels in enumerate((32, 32, width, width, width, width)):
        x = _residual(x, channels, first=index == 0)
    return x


def _residual(x, channels, first):
    from keras import layers

    y = x if first else layers.Activation("selu")(normalise(x))
    y = layers.ZeroPadding2D((1, 1))(y)
    y = layers.Conv2D(channels, (2, 3))(y)
    y = layers.Activation("selu")(normalise(y))
    y = layers.Conv2D(channels, (2, 3))(layers.ZeroPadding2D((0, 1))(y))
    if x.shape[-1] != channels:
        x = layers.Conv2D(channels, (1, 3), padding="same")(x)
    return layers.MaxPooling2D((1, 3))(layers.Add()([x, y]))


def _branch(temporal, spectral, share, name):
    """Two heterogeneous layers, the second added to the first."""
    from keras import layers, ops

    from detect.layers import Learned

    master = Learned(name=name)(0.0 * ops.mean(temporal, axis=1, keepdims=True))
    temporal, spectral, master = _mix(temporal, spectral, master)
    spectral, temporal = pool(spectral, share), pool(temporal, share)
    second = _mix(temporal, spectral, master)
    firsts = temporal, spectral, master
    return [layers.Add()([a, b]) for a, b in zip(firsts, second, strict=True)]


def _mix(temporal, spectral, master, temperature=100.0):
    """Heterogeneous graph attention with a master node that listens to all nodes."""
    from keras import layers, ops

    split = temporal.shape[1]
    kinds = [layers.Dense(nodes.shape[-1])(nodes) for nodes in (temporal, spectral)]
    x = layers.Dropout(0.2)(layers.Concatenate(axis=1)(kinds))
    attention = _between(score(pairs(x), NODES), split, temperature)
    heard = layers.Dense(1, use_bias=False)(score(x * master, NODES))
    heard = ops.softmax(ops.squeeze(heard, -1) / temperature, axis=1)
    master = project(ops.expand_dims(heard, 1), x, master, NODES)
    x = layers.Activation("selu")(normalise(project(attention, x, x, NODES)))
    return x[:, :split], x[:, split:], master


def _between(scores, split, temperature):
    """Return attention [n, n] whose weights depend on the kinds of the two nodes."""
    from keras import layers, ops

    within_first, within_second, across = (layers.Dense(1, use_bias=False) for _ in range(3))
    top = [within_first(scores[:, :split, :split]), across(scores[:, :split, split:])]
    bottom = [across(scores[:, split:, :split]), within_second(scores[:, split:, split:])]
    rows = [ops.concatenate(part, axis=2) for part in (top, bottom)]
    return ops.softmax(ops.squeeze(ops.concatenate(rows, axis=1), -1) / temperature, axis=1)
