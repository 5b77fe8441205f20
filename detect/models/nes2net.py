"""Nes2Net-X: nested Res2Nets on the full width of an encoder, without a projection before.

Source: T. Liu et al., *Nes2Net: A lightweight nested architecture for foundation model driven
speech anti-spoofing*, IEEE Transactions on Information Forensics and Security 2025, section III.
"""

from detect.models.blocks.frames import frames
from detect.models.blocks.graphs import normalise
from experiment.errors import UsageError


def build(shape, groups=8, scale=8, dilation=2):
    """Return one Res2Net after the other on groups of channels, mean over time, one logit.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, 1), (frames, width) or (blocks, frames, width).
    groups : int
        Groups of channels; all but the last go through a Res2Net, together with what the one before
        gave.
    scale : int
        Groups of channels within a Res2Net.
    dilation : int
        Step between the three frames of a convolution.

    Returns
    -------
    keras.Model
        To one logit.

    Raises
    ------
    UsageError
        If the width is no multiple of groups times scale.
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    x = frames(inputs)
    if x.shape[-1] % (groups * scale):
        raise UsageError(
            f"nes2net takes frames whose width is a multiple of {groups * scale} (groups times "
            f"scale). Received: {x.shape[-1]}"
        )
    *parts, last = ops.split(x, groups, axis=-1)
    found, heard = [], 0
    for number, part in enumerate(parts, start=1):
        y = _res2net(part + heard, scale, dilation, f"res2net_{number}")
        heard = normalise(layers.Activation("selu")(y), f"bn_{number}")
        found.append(heard)
    x = layers.Concatenate()([*found, last])
    x = layers.Activation("selu")(normalise(x, "last_bn"))
    return keras.Model(inputs, layers.Dense(1)(ops.mean(x, axis=1)), name="nes2net")


def _res2net(x, scale, dilation, name):
    """Return a Res2Net whose groups keep all that came before them, weighed and summed."""
    from keras import layers, ops

    from detect.layers import WeightedSum

    width = x.shape[-1]
    y = layers.Dense(width, activation="selu", name=f"{name}_first")(x)
    *parts, last = ops.split(normalise(y, f"{name}_first_bn"), scale, axis=-1)
    stack, found = ops.expand_dims(last, 2), []
    for number, part in enumerate(parts, start=1):
        own = f"{name}_{number}"
        stack = layers.Concatenate(axis=2)([stack, ops.expand_dims(part, 2)])
        conv = layers.Conv2D(
            width // scale, (3, 1), padding="same", dilation_rate=(dilation, 1), name=f"{own}_conv",
            activation="selu",
        )  # fmt: skip
        stack = normalise(conv(stack), f"{own}_bn")
        found.append(WeightedSum(2, softmax=False, name=f"{own}_sum")(stack))
    y = layers.Dense(width, activation="selu", name=f"{name}_last")(
        layers.Concatenate()([*found, last])
    )
    return _gated(normalise(y, f"{name}_last_bn"), name) + x


def _gated(x, name):
    """Return frames whose channels are weighed by a gate of their means (squeeze, excitation)."""
    from keras import layers

    gate = layers.GlobalAveragePooling1D(keepdims=True)(x)
    gate = layers.Dense(x.shape[-1], activation="selu", name=f"{name}_squeeze")(gate)
    return x * layers.Dense(x.shape[-1], activation="sigmoid", name=f"{name}_excite")(gate)
