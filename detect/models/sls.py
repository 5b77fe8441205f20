"""Sensitive layer selection: each clip says how much each block of the encoder counts.

Source: Q. Zhang, S. Wen, T. Hu, *Audio deepfake detection with self-supervised XLS-R and SLS
classifier*, ACM Multimedia 2024, section 3.2.
"""

from detect.models.blocks.frames import blocks
from detect.models.blocks.graphs import normalise


def build(shape, units=1024):
    """Return a gate for each block, their sum pooled 3 by 3, and two dense layers.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, 1), (frames, width) or (blocks, frames, width).
    units : int
        Width of the first dense layer.

    Returns
    -------
    keras.Model
        To one logit. The paper's last activation, a SELU of the two logits, is left out.
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    x = blocks(inputs)
    gate = layers.Dense(1, activation="sigmoid", name="gate")(ops.mean(x, axis=2, keepdims=True))
    x = ops.expand_dims(ops.sum(gate * x, axis=1), -1)
    x = layers.Activation("selu")(normalise(x, "first_bn"))
    x = layers.Flatten()(layers.MaxPooling2D(3)(x))
    x = layers.Dense(units, activation="selu")(x)
    return keras.Model(inputs, layers.Dense(1)(x), name="sls")
