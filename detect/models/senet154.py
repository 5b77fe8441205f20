"""SENet154.

Source: J. Hu, L. Shen, G. Sun, *Squeeze-and-excitation networks*, CVPR 2018, section 6.1 and
appendix: a ResNeXt of 64 groups with twice as many maps in the first convolutions of a block.
"""

from detect.models.blocks.image import coloured, pretrained
from detect.models.blocks.names import under
from detect.models.blocks.residual import (
    activate,
    convolve,
    downsample,
    excite,
    head,
    numbered,
    stages,
)

GROUPS = 64


def build(shape, width=64, depths=(3, 8, 36, 3), weights="none", dropout=0.2):
    """Return fifty residual blocks of grouped convolutions with squeeze and excitation.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 32 by 32.
    width : int
        Channels of the stem and, times four, of the first stage; a multiple of 32.
    depths : sequence of int
        Blocks of each of the four stages.
    weights : str
        As for detect.models.blocks.image.coloured; names as in timm.
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
    x = coloured(inputs, weights)
    for index, (channels, stride) in enumerate(((width, 2), (width, 1), (2 * width, 1)), 1):
        x = activate(convolve(x, channels, 3, stride, names=numbered("layer0", index)))
    x = layers.MaxPooling2D(3, 2)(_to_the_end(x))
    x = stages(x, _block, [width << k for k in range(4)], depths)
    return pretrained(head(x, inputs, dropout, "senet154", "last_linear"), weights)


def _to_the_end(x):
    """Return maps with zeros at the end where a 3x3 pool of stride 2 would leave out the last."""
    from keras import layers

    return layers.ZeroPadding2D([(0, 1 - size % 2) for size in x.shape[1:3]])(x)


def _block(x, channels, stride, first, name):
    from keras import layers

    y = activate(convolve(x, 2 * channels, names=numbered(name, 1)))
    y = activate(convolve(y, 4 * channels, 3, stride, GROUPS, names=numbered(name, 2)))
    y = convolve(y, 4 * channels, names=numbered(name, 3))
    y = excite(y, bias=True, names=[under(name, f"se_module.fc{k}") for k in (1, 2)])
    if first:
        x = convolve(x, 4 * channels, 3 if stride > 1 else 1, stride, names=downsample(name))
    return activate(layers.Add()([x, y]))
