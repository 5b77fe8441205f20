"""Losses on one logit, positive for bona fide: logits [n], real [n] in {0, 1}, weights [n]."""


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


def one_class(logits, real, weights, alpha=20.0, margins=(0.9, 0.2)):
    """Return the one-class softmax loss: bona fide is pulled close, spoof only pushed away.

    The cosine of the paper is tanh of the logit here, which keeps one logit for all models.
    Source: Y. Zhang, F. Jiang, Z. Duan, *One-class learning towards synthetic voice spoofing
    detection*, IEEE Signal Processing Letters 28, 2021, equation 4.
    """
    import tensorflow as tf

    cosine = tf.tanh(logits)
    distance = tf.where(real > 0.5, margins[0] - cosine, cosine - margins[1])
    return tf.reduce_mean(weights * tf.nn.softplus(alpha * distance))


LOSSES = {"cross_entropy": cross_entropy, "focal": focal, "one_class": one_class}
