"""ResNet18.

Source: K. He et al., *Deep residual learning for image recognition*, CVPR 2016, table 1.
"""

from detect.models.residual import activate, convolve, head, stages


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
    x = activate(convolve(inputs, 64, 7, 2))
    x = layers.MaxPooling2D(3, 2, padding="same")(x)
    x = stages(x, basic, (64, 128, 256, 512), (2, 2, 2, 2))
    return head(x, inputs, dropout, "resnet18")


def basic(x, channels, stride, first):
    """Return two 3x3 convolutions plus `x`, which a 1x1 convolution brings to their shape."""
    from keras import layers

    y = activate(convolve(x, channels, 3, stride))
    y = convolve(y, channels, 3)
    if y.shape != x.shape:
        x = convolve(x, channels, 1, stride)
    return activate(layers.Add()([x, y]))
