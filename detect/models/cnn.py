"""A small convolutional network."""


def build(shape, width=16, dropout=0.3):
    """Return four convolution blocks, pooled over time and frequency.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels).
    width : int
        Channels of the first block; each further block doubles them.
    dropout : float
        Share of the pooled values left out in training.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers

    x = inputs = keras.Input(shape)
    for block in range(4):
        x = layers.Conv2D(width << block, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.ReLU()(x)
        if block < 3:
            x = layers.MaxPooling2D(2)(x)
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    x = layers.Dropout(dropout)(x)
    return keras.Model(inputs, layers.Dense(1)(x), name="cnn")
