"""What a searched network is made of: operations, and the order of stem and cells.

Sources: H. Liu, K. Simonyan, Y. Yang, *DARTS: Differentiable architecture search*, ICLR 2019,
section 3 and appendix A; for spoofing detection W. Ge et al., *Partially-connected differentiable
architecture search for deepfake and spoofing detection*, Interspeech 2021, whose halving of the
size by one strided 1x1 convolution is kept.
"""

from functools import partial

from detect.models.blocks.names import under
from detect.models.blocks.residual import around

NODES = 4  # of a cell, between its two inputs and its output


def normalise(x, affine=True, name=None):
    """Return a batch normalisation, with scale and offset or without."""
    from keras import layers

    options = {"center": affine, "scale": affine, "name": name}
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, **options)(x)


def project(x, channels, stride=1, affine=False, name=None):
    """Return ReLU, 1x1 convolution and normalisation."""
    from keras import layers

    x = layers.ReLU()(x)
    x = layers.Conv2D(channels, 1, stride, use_bias=False, name=under(name, "op.1"))(x)
    return normalise(x, affine, under(name, "op.2"))


def _skip(x, stride, affine, name=None):
    return x if stride == 1 else project(x, x.shape[-1], stride, affine, name)


def _pool(x, stride, affine, name=None, *, kind):
    """Pool the neighbours that there are; what lies outside counts neither as zero nor at all."""
    from keras import layers

    pooled = getattr(layers, kind)(3, 1, "same")(x)
    return pooled if stride == 1 else pooled[:, ::stride, ::stride]


def _separable(x, stride, affine, name=None, *, kernel):
    for step, first in ((stride, 1), (1, 5)):
        x = _depthwise(x, kernel, step, 1, under(name, f"op.{first}"))
        x = _pointwise(x, 1, under(name, f"op.{first + 1}"))
        x = normalise(x, affine, under(name, f"op.{first + 2}"))
    return x


def _dilated(x, stride, affine, name=None, *, kernel):
    """Depthwise at every second tap; the stride is left to the 1x1 convolution."""
    y = _depthwise(x, kernel, 1, 2, under(name, "op.1"))
    y = _pointwise(y, stride, under(name, "op.2"))
    return normalise(y, affine, under(name, "op.3"))


def _depthwise(x, kernel, stride, dilation, name):
    """Return ReLU and a convolution of each channel by itself."""
    from keras import layers

    x = layers.ReLU()(x)
    padding = "valid" if stride > 1 else "same"
    options = {"dilation_rate": dilation, "use_bias": False, "name": name}
    layer = layers.DepthwiseConv2D(kernel, stride, padding, **options)
    return layer(around(x, kernel) if stride > 1 else x)


def _pointwise(x, stride, name):
    from keras import layers

    return layers.Conv2D(x.shape[-1], 1, stride, use_bias=False, name=name)(x)


# name: function of maps, stride, whether normalisation has scale and offset, and a name
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
        ``cell(states, channels, halve, name)`` returns the sums at the nodes of a cell, given the
        list of its two inputs.

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
        name = f"cells.{index}"
        states = [
            project(before, channels, 1 + halved, name=under(name, "preprocess0")),
            project(last, channels, name=under(name, "preprocess1")),
        ]
        before, last = last, layers.Concatenate()(cell(states, channels, halve, name))
        halved = halve
    return last


def _stem(inputs, channels):
    """Return maps at a quarter and at an eighth of the size."""
    from keras import layers

    def halve(x, width, *names):
        x = layers.Conv2D(width, 3, 2, use_bias=False, name=names[0])(around(x, 3))
        return normalise(x, name=names[1])

    first = layers.ReLU()(halve(inputs, channels // 2, "stem0.0", "stem0.1"))
    first = halve(first, channels, "stem0.3", "stem0.4")
    return first, halve(layers.ReLU()(first), channels, "stem1.1", "stem1.2")
