"""What residual image networks share: convolutions, squeeze and excitation, stages of blocks.

Where the size halves, zeros are put around the picture evenly, as PyTorch does; Keras' "same" puts
them at the end alone when the size is even, which is another network.
"""

from detect.models.blocks.names import under


def convolve(x, channels, kernel=1, stride=1, groups=1, names=(None, None)):
    """Return a convolution without bias and its batch normalisation.

    Parameters
    ----------
    x : KerasTensor [batch, height, width, channels]
        Maps.
    channels, kernel, stride, groups : int
        Of the convolution; kernel // 2 zeros go around the maps.
    names : tuple of str
        Of both layers.

    Returns
    -------
    KerasTensor [batch, ceil(height / stride), ceil(width / stride), channels]
    """
    from keras import layers

    x = layers.Conv2D(
        channels, kernel, stride, "valid" if stride > 1 else "same",
        groups=groups, use_bias=False, name=names[0],
    )(around(x, kernel) if stride > 1 else x)  # fmt: skip
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=names[1])(x)


def around(x, kernel):
    """Return the maps with kernel // 2 zeros on each side."""
    from keras import layers

    return layers.ZeroPadding2D(kernel // 2)(x) if kernel > 1 else x


def shrink(x):
    """Return the maximum of each 3x3 neighbourhood of maps without negatives, at half the size."""
    from keras import layers

    return layers.MaxPooling2D(3, 2)(around(x, 3))


def activate(x):
    """Return the positive part."""
    from keras import layers

    return layers.ReLU()(x)


def excite(x, bias, reduction=16, names=(None, None)):
    """Return the maps, each multiplied by a number that depends on the means of all.

    Source: J. Hu, L. Shen, G. Sun, *Squeeze-and-excitation networks*, CVPR 2018, equation 3.
    """
    from keras import layers

    channels = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Dense(channels // reduction, "relu", use_bias=bias, name=names[0])(s)
    s = layers.Dense(channels, "sigmoid", use_bias=bias, name=names[1])(s)
    return layers.Multiply()([x, s])


def stages(x, block, widths, depths):
    """Return the output of stages of residual blocks, all but the first at half the size before.

    Parameters
    ----------
    x : KerasTensor [batch, height, width, channels]
        What the stem gives.
    block : callable
        ``block(x, channels, stride, first, name)``; `first` tells the first block of a stage,
        `name` is ``layer1.0`` and so on.
    widths, depths : sequence of int
        Channels and number of blocks of each stage.

    Returns
    -------
    KerasTensor [batch, height, width, channels]
    """
    for stage, (channels, depth) in enumerate(zip(widths, depths, strict=True)):
        for index in range(depth):
            stride = 2 if stage and not index else 1
            x = block(x, channels, stride, not index, f"layer{stage + 1}.{index}")
    return x


def basic(x, channels, stride, first, name=None):
    """Return two 3x3 convolutions plus `x`, which a 1x1 convolution brings to their shape."""
    from keras import layers

    y = activate(convolve(x, channels, 3, stride, names=numbered(name, 1)))
    y = convolve(y, channels, 3, names=numbered(name, 2))
    if y.shape != x.shape:
        x = convolve(x, channels, 1, stride, names=downsample(name))
    return activate(layers.Add()([x, y]))


def numbered(name, index):
    """Return the names of a block's convolution and of its normalisation."""
    return under(name, f"conv{index}"), under(name, f"bn{index}")


def downsample(name, first=0):
    """Return the names of the convolution and the normalisation that a block's input goes through.

    `first` layers without weights come before them.
    """
    return under(name, f"downsample.{first}"), under(name, f"downsample.{first + 1}")


def head(x, inputs, dropout, name, layer=None, hidden=0):
    """Return the model that pools `x`, drops a share of it in training and gives one logit.

    Parameters
    ----------
    x : KerasTensor [batch, height, width, channels]
        Maps.
    inputs : KerasTensor
        Of the model.
    dropout : float
        Share of the pooled values left out in training.
    name, layer : str
        Of the model and of its last layer.
    hidden : int
        Units of a layer between the pooled values and the logit; none at 0.

    Returns
    -------
    keras.Model
    """
    import keras
    from keras import layers

    x = layers.GlobalAveragePooling2D()(x)
    if hidden:
        x = layers.Dense(hidden, activation="relu", name="hidden")(x)
    x = layers.Dropout(dropout)(x)
    return keras.Model(inputs, layers.Dense(1, name=layer)(x), name=name)
