import numpy as np
import pytest

from audio.frontends import LogMel
from detect.use.export import lite, to_tflite
from detect.use.litert import is_litert
from detect.use.published import import_weights
from experiment.errors import DataError
from experiment.seeds import rng

keras = pytest.importorskip("keras")
SMALL = LogMel(seconds=0.55, bands=32)  # 35 frames


def network(classes=1):
    """One of most kinds of layers, with weights that are not those of the start."""
    from keras import layers

    x = inputs = keras.Input(SMALL.shape)
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.DepthwiseConv2D(3, depth_multiplier=2)(x)
    x = layers.ReLU(6.0)(layers.BatchNormalization()(x))
    x = layers.MaxPooling2D(2, padding="same")(x)
    other = layers.Conv2D(16, 3, padding="same", groups=2, use_bias=False)(x)
    x = layers.LeakyReLU()(layers.Add()([x, layers.ZeroPadding2D(0)(other)]))
    x = layers.AveragePooling2D(2, strides=1, padding="same")(x)
    squeezed = layers.Dense(16, activation="sigmoid")(layers.GlobalAveragePooling2D()(x))
    x = layers.Multiply()([x, layers.Reshape((1, 1, 16))(squeezed)])
    mean, most = keras.ops.mean(x, axis=(1, 2)), keras.ops.max(x, axis=(1, 2))
    found = keras.Model(inputs, layers.Dense(classes)(layers.Concatenate()([mean, most])))
    draw = rng(0, "weights")
    found.set_weights([np.abs(draw.normal(0.3, 0.3, w.shape)) + 0.01 for w in found.get_weights()])
    return found


@pytest.mark.parametrize("classes", [1, 2])
def test_gives_the_logits_of_the_file(classes, tmp_path):
    to_tflite(network(classes), tmp_path / "a.tflite")
    found = import_weights(tmp_path / "a.tflite", "cnn", front_end=SMALL)
    found.save(tmp_path / "saved")
    x = rng(1).normal(size=SMALL.shape).astype(np.float32)
    logits = network(classes)(x[None]).numpy()[0]
    if classes == 1:
        assert lite(tmp_path / "a.tflite")(x[None])[0] == pytest.approx(logits[0], rel=1e-4)
    wanted = logits[-1] - (logits[0] if classes == 2 else 0)
    assert wanted == pytest.approx(float(found.network(x[None])[0, 0]), rel=1e-4)
    again = type(found).load(tmp_path / "saved")
    assert again.digest == found.digest
    assert float(again.network(x[None])[0, 0]) == float(found.network(x[None])[0, 0])


def test_what_is_not_read_is_named(tmp_path):
    from keras import layers

    inputs = keras.Input((7, 5))
    recurrent = keras.Model(inputs, layers.Dense(1)(layers.LSTM(3)(inputs)))
    to_tflite(recurrent, tmp_path / "lstm.tflite")
    with pytest.raises(DataError, match="the operations WHILE"):
        import_weights(tmp_path / "lstm.tflite", "lstm", front_end=SMALL)
    examples = rng(2).normal(size=(4, *SMALL.shape)).astype(np.float32)
    to_tflite(network(), tmp_path / "int8.tflite", examples)
    with pytest.raises(DataError, match="the operations QUANTIZE"):
        import_weights(tmp_path / "int8.tflite", "cnn", front_end=SMALL)
    (tmp_path / "cut.tflite").write_bytes(b"\x1c\0\0\0TFL3rest")
    assert is_litert(tmp_path / "cut.tflite")
    with pytest.raises(DataError, match="damaged LiteRT file"):
        import_weights(tmp_path / "cut.tflite", "cnn", front_end=SMALL)


def test_an_operation_that_would_fill_the_memory_is_refused(tmp_path):
    from keras import layers

    inputs = keras.Input(SMALL.shape)
    wide = layers.ZeroPadding2D(8000)(inputs)
    found = keras.Model(inputs, layers.Dense(1)(layers.GlobalAveragePooling2D()(wide)))
    to_tflite(found, tmp_path / "a.tflite")
    with pytest.raises(DataError, match="makes 2.57e\\+08 numbers of a clip"):
        import_weights(tmp_path / "a.tflite", "cnn", front_end=SMALL)
