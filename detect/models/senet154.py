"""SENet154.

Source: J. Hu, L. Shen, G. Sun, *Squeeze-and-excitation networks*, CVPR 2018, section 6.1 and
appendix: a ResNeXt of 64 groups with twice as many maps in the first convolutions of a block.
"""

from detect.models.residual import activate, convolve, excite, head, stages

GROUPS = 64


def build(shape, width=64, depths=(3, 8, 36, 3), dropout=0.2):
    """Return fifty residual blocks of grouped convolutions with squeeze and excitation.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 32 by 32.
    width : int
        Channels of the stem and, times four, of the first stage; a multiple of 32.
    depths : sequence of int
        Blocks of each of the four stages.
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
    for channels, stride in ((width, 2), (width, 1), (2 * width, 1)):
        x = activate(convolve(x, channels, 3, stride))
    x = layers.MaxPooling2D(3, 2, padding="same")(x)
    x = stages(x, _block, [width << k for k in range(4)], depths)
    return head(x, inputs, dropout, "senet154")


def _block(x, channels, stride, first):
    from keras import layers

    y = activate(convolve(x, 2 * channels))
    y = activate(convolve(y, 4 * channels, 3, stride, GROUPS))
    y = excite(convolve(y, 4 * channels), bias=True)
    if first:
        x = convolve(x, 4 * channels, 3 if stride > 1 else 1, stride)
    return activate(layers.Add()([x, y]))
