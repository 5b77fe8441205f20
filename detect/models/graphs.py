"""Graphs whose nodes are rows of features: attention between all pairs, and keeping the best nodes.

Source: J. Jung et al., *AASIST: Audio anti-spoofing using integrated spectro-temporal graph
attention networks*, ICASSP 2022, section 2.2.
"""


def normalise(x):
    """Return a batch normalisation whose averages settle within a short training."""
    from keras import layers

    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def pairs(x):
    """Return the products of all pairs of nodes, [n, n, d]."""
    from keras import ops

    return ops.expand_dims(x, 2) * ops.expand_dims(x, 1)


def score(products, width):
    """Return what makes attention of products of nodes, [..., width]."""
    from keras import layers

    return layers.Dense(width, activation="tanh")(products)


def project(attention, x, own, width):
    """Return a projection of the attended nodes plus one of the nodes themselves."""
    from keras import layers, ops

    return layers.Dense(width)(ops.matmul(attention, x)) + layers.Dense(width)(own)


def attend(x, width, temperature):
    """Return nodes [n, width] that have heard all nodes [n, d] of their graph.

    Parameters
    ----------
    x : KerasTensor [batch, n, d]
        Nodes.
    width : int
        Length of the new nodes.
    temperature : float
        The higher, the more evenly a node listens.

    Returns
    -------
    KerasTensor [batch, n, width]
    """
    from keras import layers, ops

    x = layers.Dropout(0.2)(x)
    weight = layers.Dense(1, use_bias=False)(score(pairs(x), width))
    attention = ops.softmax(ops.squeeze(weight, -1) / temperature, axis=1)
    return layers.Activation("selu")(normalise(project(attention, x, x, width)))


def pool(x, share):
    """Keep the share of nodes with the highest learned scores."""
    from keras import layers

    from detect.layers import KeepTop

    scores = layers.Dense(1, activation="sigmoid")(layers.Dropout(0.3)(x))
    return KeepTop(share)(x, scores)
