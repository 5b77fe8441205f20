"""What residual image networks share: convolutions, squeeze and excitation, stages of blocks."""


def convolve(x, channels, kernel=1, stride=1, groups=1):
    """Return a convolution without bias, padded to the same size, and its batch normalisation."""
    from keras import layers

    x = layers.Conv2D(channels, kernel, stride, "same", groups=groups, use_bias=False)(x)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def activate(x):
    """Return the positive part."""
    from keras import layers

    return layers.ReLU()(x)


def excite(x, bias, reduction=16):
    """Return the maps, each multiplied by a number that depends on the means of all.

    Source: J. Hu, L. Shen, G. Sun, *Squeeze-and-excitation networks*, CVPR 2018, equation 3.
    """
    from keras import layers

    channels = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Dense(channels // reduction, "relu", use_bias=bias)(s)
    return layers.Multiply()([x, layers.Dense(channels, "sigmoid", use_bias=bias)(s)])


def stages(x, block, widths, depths):
    """Return the output of stages of residual blocks, all but the first at half the size before.

    Parameters
    ----------
    x : KerasTensor [batch, height, width, channels]
        What the stem gives.
    block : callable
        ``block(x, channels, stride, first)``; `first` tells the first block of a stage.
    widths, depths : sequence of int
        Channels and number of blocks of each stage.

    Returns
    -------
    KerasTensor [batch, height, width, channels]
    """
    for stage, (channels, depth) in enumerate(zip(widths, depths, strict=True)):
        for index in range(depth):
            x = block(x, channels, 2 if stage and not index else 1, not index)
    return x


def head(x, inputs, dropout, name):
    """Return the model that pools `x`, drops a share of it in training and gives one logit."""
    import keras
    from keras import layers

    x = layers.Dropout(dropout)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, layers.Dense(1)(x), name=name)
