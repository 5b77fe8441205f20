"""Light convolutional network with recurrent layers on LFCC, the second baseline of ASVspoof 2021.

Sources: X. Wang, J. Yamagishi, *A comparative study on recent neural spoofing countermeasures for
synthetic speech detection*, Interspeech 2021; max-feature-map: X. Wu et al., *A light CNN for deep
face representation with noisy labels*, 2018. Layers have the names of the baseline's code, whose
weights load.
"""

from detect.models.blocks.names import under

# kernel, channels before the maximum, pool after it, normalise after it
BLOCKS = (
    (5, 64, True, False),
    (1, 64, False, True),
    (3, 96, True, True),
    (1, 96, False, True),
    (3, 128, True, False),
    (1, 128, False, True),
    (3, 64, False, True),
    (1, 64, False, True),
    (3, 64, True, False),
)
CONVOLUTIONS, LAYERS = "m_transform.0", "m_before_pooling.0"


def build(shape, dropout=0.7):
    """Return nine max-feature-map convolutions, two bidirectional LSTM layers and a mean over time.

    Parameters
    ----------
    shape : tuple of int
        (frames, coefficients, channels), at least 16 by 16.
    dropout : float
        Share of the convolutions' output left out in training.

    Returns
    -------
    keras.Model
        To one logit. Each LSTM gate has one bias, where PyTorch keeps two that are added.
    """
    import keras
    from keras import layers

    inputs = keras.Input(shape)
    x, place = inputs, 0
    for kernel, channels, pool, normalise in BLOCKS:
        name = under(CONVOLUTIONS, place)
        x = _max_feature_map(layers.Conv2D(channels, kernel, padding="same", name=name)(x))
        place += 2
        if pool:
            x = layers.MaxPooling2D(2)(x)
            place += 1
        if normalise:
            options = {"center": False, "scale": False, "name": under(CONVOLUTIONS, place)}
            x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, **options)(x)
            place += 1
    x = layers.Dropout(dropout)(x)
    x = layers.Reshape((x.shape[1], -1))(layers.Permute((1, 3, 2))(x))
    y, units = x, x.shape[-1] // 2
    for index in range(2):
        lstm, name = layers.LSTM(units, return_sequences=True), under(LAYERS, f"{index}.l_blstm")
        y = layers.Bidirectional(lstm, name=name)(y)
    x = layers.GlobalAveragePooling1D()(layers.Add()([x, y]))
    return keras.Model(inputs, layers.Dense(1, name="m_output_act.0")(x), name="lcnn")


def _max_feature_map(x):
    from keras import layers, ops

    height, width, channels = x.shape[1:]
    return ops.max(layers.Reshape((height, width, 2, channels // 2))(x), axis=3)
