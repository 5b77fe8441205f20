"""A small convolutional network that pools what varies: means and deviations over time.

The copies of a vocoder differ from their originals less in what they are on average than in how
they vary from frame to frame, while microphone, room and codec are mostly what stays the same. So
each band loses its mean over time before the first filter, and the last feature maps are pooled by
mean and standard deviation over time, apart for each band.

Source: statistics pooling: D. Snyder et al., *X-vectors: robust DNN embeddings for speaker
recognition*, ICASSP 2018.
"""


def build(shape, width=16, blocks=4, embedding=64, dropout=0.3):
    """Return blocks of convolutions, statistics pooling and a dense embedding.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels).
    width : int
        Feature maps of the first block; each further block has half as many more.
    blocks : int
        Of two convolutions; each halves the bands, every second one the frames. The very first
        convolution steps over every second frame and band.
    embedding : int
        Units between pooling and logit.
    dropout : float
        Share of the pooled values left out in training.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    x = inputs - ops.mean(inputs, axis=1, keepdims=True)
    for block in range(blocks):
        for half in range(2):
            first = not block and not half
            kernel, stride = (5, 2) if first else (3, 1)
            maps = round(width * 1.5**block)
            x = layers.Conv2D(maps, kernel, stride, padding="same", use_bias=False)(x)
            x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
        x = layers.MaxPooling2D((1 + block % 2, 2))(x)
    mean = ops.mean(x, axis=1, keepdims=True)
    deviation = ops.sqrt(ops.mean(ops.square(x - mean), axis=1) + 1e-5)
    x = layers.Concatenate()([layers.Flatten()(mean), layers.Flatten()(deviation)])
    x = layers.Dropout(dropout)(x)
    x = layers.Dense(embedding, use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    return keras.Model(inputs, layers.Dense(1)(x), name="statpool")
