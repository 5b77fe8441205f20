"""A network that judges every 20 ms: which part of a recording is fake.

Convolutions over time and frequency halve the bands and keep the frames; dilated ones over time
then see about a second around each frame. Every frame has a logit of its own (layer ``frames``);
that of the clip is their soft minimum, so that a recording is as bona fide as its most suspicious
part.
"""

DILATIONS = (1, 2, 4, 8)


def build(shape, width=24, blocks=4, context=96, dropout=0.2):
    """Return the network.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, 1).
    width : int
        Feature maps of the first block; each further block has half as many more.
    blocks : int
        Of two convolutions; each halves the bands.
    context : int
        Channels of the dilated convolutions.
    dropout : float
        Share of the frame embeddings left out in training.

    Returns
    -------
    keras.Model
        To one logit; the layer ``frames`` has those of the frames, [batch, frames, 1].
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    x = inputs - ops.mean(inputs, axis=1, keepdims=True)
    for block in range(blocks):
        maps = round(width * 1.5**block)
        x = layers.Conv2D(maps, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
        x = layers.Conv2D(maps, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
        x = layers.MaxPooling2D((1, 2))(x)
    x = layers.Reshape((shape[0], -1))(x)
    x = layers.Conv1D(context, 1)(x)
    for dilation in DILATIONS:
        y = layers.Conv1D(context, 3, padding="same", dilation_rate=dilation, use_bias=False)(x)
        y = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(y))
        x = layers.Add()([x, y])
    x = layers.Dropout(dropout)(x)
    frames = layers.Dense(1, name="frames")(x)
    whole = ops.log(float(shape[0])) - ops.logsumexp(-frames, axis=1)
    return keras.Model(inputs, whole, name="framewise")
