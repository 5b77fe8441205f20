"""Attentive statistics pooling: mean and deviation over the frames that matter.

Source: K. Okabe, T. Koshinaka, K. Shinoda, *Attentive statistics pooling for deep speaker
embedding*, Interspeech 2018, section 3.
"""

from detect.models.blocks.frames import frames


def build(shape, units=128, dropout=0.3):
    """Return a projection of each frame, attention over time, mean and deviation, one logit.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, 1), (frames, width) or (blocks, frames, width).
    units : int
        Width of the projection and of the attention.
    dropout : float
        Share of the pooled numbers that training leaves out.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers, ops

    inputs = keras.Input(shape)
    x = layers.LayerNormalization()(frames(inputs))
    x = layers.Dense(units, activation="gelu")(x)
    weight = layers.Dense(1, use_bias=False)(layers.Dense(units, activation="tanh")(x))
    weight = layers.Softmax(axis=1)(weight)
    mean = ops.sum(weight * x, axis=1)
    spread = ops.sum(weight * ops.square(x), axis=1) - ops.square(mean)
    pooled = ops.concatenate([mean, ops.sqrt(ops.relu(spread) + 1e-6)], axis=-1)
    return keras.Model(inputs, layers.Dense(1)(layers.Dropout(dropout)(pooled)), name="attentive")
