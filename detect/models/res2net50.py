"""Res2Net50 with 26 maps in each of four groups, for spoofing detection and for photographs.

Sources: X. Li et al., *Replay and synthetic speech detection with Res2Net architecture*, ICASSP
2021 (a quarter as wide, three convolutions at full size instead of a stem that shrinks, means of
neighbours where the size halves); S. Gao et al., *Res2Net: A new multi-scale backbone
architecture*, IEEE TPAMI 2021.
"""

from functools import partial

from detect.models.blocks.image import coloured, pretrained
from detect.models.blocks.names import under
from detect.models.blocks.residual import (
    activate,
    around,
    convolve,
    downsample,
    excite,
    head,
    numbered,
    shrink,
    stages,
)

SCALES, DEPTHS = 4, (3, 4, 6, 3)


def build(shape, image=False, weights="none", dropout=0.2):
    """Return Res2Net50 with four scales; see `network`."""
    return network(shape, image, weights, dropout, excited=False, name="res2net50")


def network(shape, image, weights, dropout, excited, name):
    """Return sixteen residual blocks, in each of which four groups of maps hear one another.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 16 by 16; 32 by 32 with `image`.
    image : bool
        The network for photographs: four times as wide, and the picture is shrunk to a quarter at
        once.
    weights : str
        As for detect.models.blocks.image.coloured; names as in timm, for `image` alone.
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
    x = coloured(inputs, weights)
    width, last = (64, "fc") if image else (16, "cls_layer")
    x = _image_stem(x) if image else _stem(x, width)
    block = partial(_block, image=image, excited=excited)
    x = stages(x, block, [width << k for k in range(4)], DEPTHS)
    return pretrained(head(x, inputs, dropout, name, last), weights)


def _image_stem(x):
    return shrink(activate(convolve(x, 64, 7, 2, names=("conv1", "bn1"))))


def _stem(x, width):
    for names in (("conv1.0", "conv1.1"), ("conv1.3", "conv1.4"), ("conv1.6", "bn1")):
        x = activate(convolve(x, width, 3, names=names))
    return x


def _block(x, channels, stride, first, name, image, excited):
    from keras import layers

    y = activate(convolve(x, channels * 26 // 64 * SCALES, names=numbered(name, 1)))
    y = _scales(y, stride, first, name)
    y = convolve(y, channels * (4 if image else 2), names=numbered(name, 3))
    if excited:
        y = excite(y, bias=False, names=[under(name, f"se.fc.{k}") for k in (0, 2)])
    if first:
        x = _shortcut(x, y.shape[-1], stride, image, name)
    return activate(layers.Add()([x, y]))


def _shortcut(x, channels, stride, image, name):
    """Return the block's input in the shape of its output."""
    from keras import layers

    if image:
        return convolve(x, channels, 1, stride, names=downsample(name))
    if stride > 1:
        x = layers.AveragePooling2D(stride, padding="same")(x)
    return convolve(x, channels, names=downsample(name, 1))


def _scales(x, stride, first, name):
    """Convolve each group of maps after adding what the group before it became."""
    from keras import layers, ops

    parts = ops.split(x, SCALES, axis=-1)
    heard = []
    for index, part in enumerate(parts[:-1]):
        y = part if first or not heard else layers.Add()([part, heard[-1]])
        names = [under(name, f"{kind}.{index}") for kind in ("convs", "bns")]
        heard.append(activate(convolve(y, part.shape[-1], 3, stride, names=names)))
    last = layers.AveragePooling2D(3, stride)(around(parts[-1], 3)) if first else parts[-1]
    return layers.Concatenate()([*heard, last])
