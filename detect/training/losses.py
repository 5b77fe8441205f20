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


def contrastive(embeddings, real, temperature=0.07):
    """Return the contrastive feature loss: clips of a class are alike, those of both are not.

    Parameters
    ----------
    embeddings : tensor [n, d]
        Of a batch that holds originals together with their copies, so that the nearest clip of the
        other class has the same words, voice and channel.
    real : tensor [n]
        1 for bona fide, 0 for spoof.
    temperature : float
        The lower, the more the nearest clips count.

    Returns
    -------
    tensor
        Mean over the clips; a clip that is alone in its class counts nothing.

    Notes
    -----
    Sources: X. Wang, J. Yamagishi, *Spoofed training data for speech spoofing countermeasure can be
    efficiently created using neural vocoders*, ICASSP 2023 (arXiv 2210.10570), contrastive feature
    loss on pairs of bona fide and vocoded data; the form is that of P. Khosla et al., *Supervised
    contrastive learning*, NeurIPS 2020, equation 2.
    """
    import tensorflow as tf

    unit = tf.math.l2_normalize(tf.cast(embeddings, tf.float32), axis=1)
    others = 1 - tf.eye(tf.shape(unit)[0])
    alike = tf.cast(tf.equal(real[:, None], real[None]), tf.float32) * others
    logits = unit @ tf.transpose(unit) / temperature - 1e9 * (1 - others)
    log_share = logits - tf.reduce_logsumexp(logits, axis=1, keepdims=True)
    count = tf.reduce_sum(alike, axis=1)
    each = -tf.reduce_sum(alike * log_share, axis=1) / tf.maximum(count, 1)
    return tf.reduce_mean(each)


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
