"""Graphs whose nodes are rows of features: attention between all pairs, and keeping the best nodes.

Source: J. Jung et al., *AASIST: Audio anti-spoofing using integrated spectro-temporal graph
attention networks*, ICASSP 2022, section 2.2. The weights with which a node listens to all nodes
sum to one, as in the published code.
"""

from detect.models.blocks.names import under


def normalise(x, name=None):
    """Return a batch normalisation whose averages settle within a short training."""
    from keras import layers

    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def pairs(x):
    """Return the products of all pairs of nodes, [n, n, d]."""
    from keras import ops

    return ops.expand_dims(x, 2) * ops.expand_dims(x, 1)


def score(products, width, name=None):
    """Return what makes attention of products of nodes, [..., width]."""
    from keras import layers

    return layers.Dense(width, activation="tanh", name=name)(products)


def weigh(scores, name=None):
    """Return one number for each score [..., width], [..., 1]."""
    from keras import layers

    return layers.Dense(1, use_bias=False, name=name)(scores)


def listen(weights, temperature):
    """Return attention from weights [batch, ..., n, 1]: over the n nodes it sums to one."""
    from keras import ops

    return ops.softmax(ops.squeeze(weights, -1) / temperature, axis=-1)


def project(attention, x, own, width, name=None, suffix=""):
    """Return a projection of the attended nodes plus one of the nodes themselves."""
    from keras import layers, ops

    heard, alone = (under(name, f"proj_{kind}_att{suffix}") for kind in ("with", "without"))
    x = layers.Dense(width, name=heard)(ops.matmul(attention, x))
    return x + layers.Dense(width, name=alone)(own)


def attend(x, width, temperature, name=None):
    """Return nodes [n, width] that have heard all nodes [n, d] of their graph.

    Parameters
    ----------
    x : KerasTensor [batch, n, d]
        Nodes.
    width : int
        Length of the new nodes.
    temperature : float
        The higher, the more evenly a node listens.
    name : str, optional
        Of the layer.

    Returns
    -------
    KerasTensor [batch, n, width]
    """
    from keras import layers

    x = layers.Dropout(0.2)(x)
    scores = score(pairs(x), width, under(name, "att_proj"))
    attention = listen(weigh(scores, under(name, "att_weight")), temperature)
    heard = project(attention, x, x, width, name)
    return layers.Activation("selu")(normalise(heard, under(name, "bn")))


def pool(x, share, name=None):
    """Keep the share of nodes with the highest learned scores."""
    from keras import layers

    from detect.layers import KeepTop

    dropped = layers.Dropout(0.3)(x)
    scores = layers.Dense(1, activation="sigmoid", name=under(name, "proj"))(dropped)
    return KeepTop(share)(x, scores)
