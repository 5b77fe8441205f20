"""ResNet18.

Source: K. He et al., *Deep residual learning for image recognition*, CVPR 2016, table 1.
"""


def build(shape, dropout=0.2):
    """Return eight residual blocks of two convolutions.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 32 by 32.
    dropout : float
        Share of the pooled values left out in training.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers

    inputs = keras.Input(shape)
    x = _convolve(inputs, 64, 7, 2)
    x = layers.MaxPooling2D(3, 2, padding="same")(layers.ReLU()(x))
    for channels in (64, 128, 256, 512):
        for index in range(2):
            stride = 2 if index == 0 and channels > 64 else 1
            x = _block(x, channels, stride)
    x = layers.Dropout(dropout)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, layers.Dense(1)(x), name="resnet18")


def _convolve(x, channels, kernel, stride):
    from keras import layers

    x = layers.Conv2D(channels, kernel, stride, padding="same", use_bias=False)(x)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def _block(x, channels, stride):
    from keras import layers

    y = layers.ReLU()(_convolve(x, channels, 3, stride))
    y = _convolve(y, channels, 3, 1)
    if stride > 1:
        x = _convolve(x, channels, 1, stride)
    return layers.ReLU()(layers.Add()([x, y]))
