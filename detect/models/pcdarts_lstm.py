"""The searched cells of `pcdarts`, with a recurrent network over what they hear in time."""

from detect.models.pcdarts import trunk


def build(shape, genotype="published", channels=16, cells=4, units=64, dropout=0.2):
    """Return stem, searched cells, a bidirectional LSTM and the mean over time.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 16 by 16.
    genotype, channels, cells
        As for detect.models.pcdarts.trunk.
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
    x = trunk(inputs, genotype, channels, cells)
    x = layers.Reshape((x.shape[1], -1))(x)
    x = layers.Bidirectional(layers.LSTM(units, return_sequences=True))(x)
    x = layers.Dropout(dropout)(layers.GlobalAveragePooling1D()(x))
    return keras.Model(inputs, layers.Dense(1)(x), name="pcdarts_lstm")
