"""A recurrent network over the frames."""


def build(shape, units=64, dropout=0.3):
    """Return two bidirectional LSTM layers, averaged over time.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels).
    units : int
        Units of each direction.
    dropout : float
        Share of the averaged values left out in training.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras
    from keras import layers

    inputs = keras.Input(shape)
    x = layers.Reshape((shape[0], -1))(inputs)
    x = layers.Bidirectional(layers.LSTM(units, return_sequences=True))(x)
    x = layers.Bidirectional(layers.LSTM(units, return_sequences=True))(x)
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dropout(dropout)(x)
    return keras.Model(inputs, layers.Dense(1)(x), name="lstm")
