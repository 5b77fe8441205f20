"""What a searched network is made of: operations, and the order of stem and cells.

Sources: H. Liu, K. Simonyan, Y. Yang, *DARTS: Differentiable architecture search*, ICLR 2019,
section 3 and appendix A; for spoofing detection W. Ge et al., *Partially-connected differentiable
architecture search for deepfake and spoofing detection*, Interspeech 2021, whose halving of the
size by one strided 1x1 convolution is kept.
"""

from functools import partial

NODES = 4  # of a cell, between its two inputs and its output


def normalise(x, affine=True):
    """Return a batch normalisation, with scale and offset or without."""
    from keras import layers

    options = {"center": affine, "scale": affine}
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, **options)(x)


def project(x, channels, stride=1, affine=False):
    """Return ReLU, 1x1 convolution and normalisation."""
    from keras import layers

    x = layers.Conv2D(channels, 1, stride, use_bias=False)(layers.ReLU()(x))
    return normalise(x, affine)


def _skip(x, stride, affine):
    return x if stride == 1 else project(x, x.shape[-1], stride, affine)


def _pool(x, stride, affine, kind):
    from keras import layers

    return getattr(layers, kind)(3, stride, "same")(x)


def _separable(x, stride, affine, kernel):
    from keras import layers

    for step in (stride, 1):
        x = layers.ReLU()(x)
        x = layers.SeparableConv2D(x.shape[-1], kernel, step, "same", use_bias=False)(x)
        x = normalise(x, affine)
    return x


def _dilated(x, stride, affine, kernel):
    """Depthwise at every second tap; the stride is left to the 1x1 convolution."""
    from keras import layers

    y = layers.DepthwiseConv2D(kernel, padding="same", dilation_rate=2, use_bias=False)
    y = layers.Conv2D(x.shape[-1], 1, stride, use_bias=False)(y(layers.ReLU()(x)))
    return normalise(y, affine)


# name: function of maps, stride and whether normalisation has scale and offset
OPERATIONS = {
    "max_pool_3x3": partial(_pool, kind="MaxPooling2D"),
    "avg_pool_3x3": partial(_pool, kind="AveragePooling2D"),
    "skip_connect": _skip,
    "sep_conv_3x3": partial(_separable, kernel=3),
    "sep_conv_5x5": partial(_separable, kernel=5),
    "dil_conv_3x3": partial(_dilated, kernel=3),
    "dil_conv_5x5": partial(_dilated, kernel=5),
}


def encode(inputs, channels, cells, cell):
    """Return the maps of a stem and of cells, at a thirty-second of the picture's size.

    Parameters
    ----------
    inputs : KerasTensor [batch, frames, bands, 1]
        Picture.
    channels : int
        Channels of the stem and of a node in the first cell; they double where the size halves.
    cells : int
        Number of cells; those after a third and two thirds of them halve the size.
    cell : callable
        ``cell(states, channels, halve)`` returns the sums at the nodes of a cell, given the list of
        its two inputs.

    Returns
    -------
    KerasTensor [batch, frames, bands, channels]
    """
    from keras import layers

    before, last = _stem(inputs, channels)
    halved = True
    for index in range(cells):
        halve = index in (cells // 3, 2 * cells // 3)
        channels *= 1 + halve
        states = [project(before, channels, 1 + halved), project(last, channels)]
        before, last = last, layers.Concatenate()(cell(states, channels, halve))
        halved = halve
    return last


def _stem(inputs, channels):
    """Return maps at a quarter and at an eighth of the size."""
    from keras import layers

    def halve(x, width):
        return normalise(layers.Conv2D(width, 3, 2, "same", use_bias=False)(x))

    first = halve(layers.ReLU()(halve(inputs, channels // 2)), channels)
    return first, halve(layers.ReLU()(first), channels)
