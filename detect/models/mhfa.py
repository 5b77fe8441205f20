"""Multi-head factorised attentive pooling over all blocks of an encoder.

Source: J. Peng et al., *An attention-based backend allowing efficient fine-tuning of transformer
models for speaker verification*, SLT 2022, section 3.2: keys and values weigh the blocks each in
their own way; every head listens to the frames that its keys choose.
"""

from detect.models.blocks.frames import frames


def build(shape, heads=32, compressed=128, units=256):
    """Return keys and values of weighed blocks, attention over time head by head, one logit.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, 1), (frames, width) or (blocks, frames, width).
    heads : int
        Heads, which share the values.
    compressed : int
        Width of keys and values.
    units : int
        Width of the embedding.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    keys = layers.Dense(compressed, name="keys")(frames(inputs, "key_weights"))
    values = layers.Dense(compressed, name="values")(frames(inputs, "value_weights"))
    attention = layers.Softmax(axis=1)(layers.Dense(heads, name="heads")(keys))
    pooled = ops.matmul(ops.transpose(attention, (0, 2, 1)), values)
    x = layers.Dense(units, name="embedding")(layers.Flatten()(pooled))
    return keras.Model(inputs, layers.Dense(1)(x), name="mhfa")
