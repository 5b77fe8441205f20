"""Statistics of cepstral coefficients over time, and a small network on them.

What a vocoder changes is how much each coefficient varies from frame to frame, and how: copies by a
generator that was trained to be right on average vary too little, and less often by much. So each
coefficient and its first and second differences over time are described by two numbers: the
logarithm of the standard deviation, and that of the mean absolute deviation over it (high for
steady change, low for rare jumps; R. Geary, *The ratio of the mean deviation to the standard
deviation as a test of normality*, Biometrika 1935). What stays the same over a recording -
microphone, room, equaliser - is in neither.
"""

TINY = 1e-6
ORDERS = 3


def build(shape, hidden=32, dropout=0.2):
    """Return the statistics, normalised over the batch, a hidden layer and the logit.

    Parameters
    ----------
    shape : tuple of int
        (frames, coefficients, 1), of at least four frames.
    hidden : int
        Units of the hidden layer; 0 leaves it out, which is logistic regression.
    dropout : float
        Share of the statistics left out in training.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers

    inputs = keras.Input(shape)
    x = layers.Reshape(shape[:2])(inputs)
    found = []
    for order in range(ORDERS):
        x = x[:, 1:] - x[:, :-1] if order else x
        found += _statistics(x)
    x = layers.BatchNormalization(momentum=0.95, center=False, scale=False)(
        layers.Concatenate()(found)
    )
    x = layers.Dropout(dropout)(x)
    if hidden:
        x = layers.Dense(hidden, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(1)(x), name="lfcc_stats")


def _statistics(x):
    """Return the two numbers of each coefficient of [clips, frames, coefficients]."""
    from keras import ops

    away = x - ops.mean(x, axis=1, keepdims=True)
    deviation = ops.sqrt(ops.mean(ops.square(away), axis=1) + TINY)
    absolute = ops.mean(ops.absolute(away), axis=1) + TINY
    return [ops.log(deviation), ops.log(absolute / deviation)]
