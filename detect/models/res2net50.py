"""Res2Net50, as it was narrowed for spoofing detection and as it was published for photographs.

Sources: S. Gao et al., *Res2Net: A new multi-scale backbone architecture*, IEEE TPAMI 2021; X. Li
et al., *Replay and synthetic speech detection with Res2Net architecture*, ICASSP 2021.
"""

from functools import partial

from detect.models.residual import activate, convolve, excite, head, stages

SCALES, DEPTHS = 4, (3, 4, 6, 3)


def build(shape, image=False, dropout=0.2):
    """Return Res2Net50 with four scales; see `network`."""
    return network(shape, image, dropout, excited=False, name="res2net50")


def network(shape, image, dropout, excited, name):
    """Return sixteen residual blocks, in each of which four groups of maps hear one another.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 16 by 16; 32 by 32 with `image`.
    image : bool
        Four times as wide, and the picture is shrunk to a quarter at once, as for photographs.
    dropout : float
        Share of the pooled values left out in training.
    excited : bool
        Let squeeze and excitation end each block.
    name : str
        Name of the model.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras

    inputs = keras.Input(shape)
    width, expansion = (64, 4) if image else (16, 2)
    x = _image_stem(inputs) if image else _stem(inputs, width)
    block = partial(_block, expansion=expansion, excited=excited)
    x = stages(x, block, [width << k for k in range(4)], DEPTHS)
    return head(x, inputs, dropout, name)


def _image_stem(inputs):
    from keras import layers

    return layers.MaxPooling2D(3, 2, padding="same")(activate(convolve(inputs, 64, 7, 2)))


def _stem(x, width):
    for _ in range(3):
        x = activate(convolve(x, width, 3))
    return x


def _block(x, channels, stride, first, expansion, excited):
    from keras import layers

    y = _scales(activate(convolve(x, channels * 26 // 64 * SCALES)), stride, first)
    y = convolve(y, channels * expansion)
    if excited:
        y = excite(y, bias=False)
    if y.shape != x.shape:
        if stride > 1:
            x = layers.AveragePooling2D(stride, padding="same")(x)
        x = convolve(x, channels * expansion)
    return activate(layers.Add()([x, y]))


def _scales(x, stride, first):
    """Convolve each group of maps after adding what the group before it became."""
    from keras import layers, ops

    parts = ops.split(x, SCALES, axis=-1)
    heard = []
    for part in parts[:-1]:
        alone = first or not heard
        y = part if alone else layers.Add()([part, heard[-1]])
        heard.append(activate(convolve(y, part.shape[-1], 3, stride)))
    last = layers.AveragePooling2D(3, stride, "same")(parts[-1]) if first else parts[-1]
    return layers.Concatenate()([*heard, last])
