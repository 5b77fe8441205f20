"""Losses on one output, higher for bona fide: outputs [n], real [n] in {0, 1}, weights [n]."""


def cross_entropy(logits, real, weights):
    """Return the weighted binary cross-entropy."""
    import tensorflow as tf

    losses = tf.nn.sigmoid_cross_entropy_with_logits(real, logits)
    return tf.reduce_mean(weights * losses)


def focal(logits, real, weights, gamma=2.0):
    """Return the focal loss: the cross-entropy of a clip counts less the surer the network is.

    Source: T.-Y. Lin et al., *Focal loss for dense object detection*, ICCV 2017, equation 5.
    """
    import tensorflow as tf

    losses = tf.nn.sigmoid_cross_entropy_with_logits(real, logits)
    return tf.reduce_mean(weights * (1 - tf.exp(-losses)) ** gamma * losses)


def one_class(cosines, real, weights, alpha=20.0, margins=(0.9, 0.2)):
    """Return the one-class softmax loss: bona fide is pulled close, spoof only pushed away.

    The first argument is the cosine between the embedding of a clip and a learned direction, which
    `suited` makes the output of a network. Bona fide costs little from 0.9 on, spoof up to 0.2.
    Source: Y. Zhang, F. Jiang, Z. Duan, *One-class learning towards synthetic voice spoofing
    detection*, IEEE Signal Processing Letters 28, 2021, equation 4.
    """
    import tensorflow as tf

    distance = tf.where(real > 0.5, margins[0] - cosines, cosines - margins[1])
    return tf.reduce_mean(weights * tf.nn.softplus(alpha * distance))


LOSSES = {"cross_entropy": cross_entropy, "focal": focal, "one_class": one_class}


def suited(network, loss):
    """Return the network with the output that a loss is about.

    Parameters
    ----------
    network : keras.Model
        Ends in a dense layer of one unit, whose input is the embedding.
    loss : str
        A key of `LOSSES`.

    Returns
    -------
    keras.Model
        For ``"one_class"``, to the cosine between embedding and a learned direction instead of the
        logit; the network itself for every other loss.
    """
    if loss != "one_class":
        return network
    import keras

    from detect.layers import Cosine

    cosine = Cosine(name="cosine")(network.layers[-1].input)
    return keras.Model(network.input, cosine, name=network.name)
