"""A VGGish that these tests make: one set of random weights as SavedModel and as checkpoint."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def vggish_weights():
    import keras

    from fad.embeddings import vggish_keras

    keras.utils.set_random_seed(0)
    model = vggish_keras.build()
    rng = np.random.default_rng(0)
    for weight in model.trainable_weights:
        if len(weight.shape) == 1:
            weight.assign(rng.normal(0, 0.1, weight.shape))
    return model


@pytest.fixture(scope="session")
def vggish_checkpoint(vggish_weights, tmp_path_factory):
    """The weights under the names of the original checkpoint."""
    import tensorflow as tf

    from fad.embeddings.vggish_keras import LAYERS

    path = tmp_path_factory.mktemp("vggish") / "vggish_model.ckpt"
    names = [f"vggish/{layer}/{kind}" for layer in LAYERS for kind in ("weights", "biases")]
    tensors = vggish_weights.get_weights()
    tf.raw_ops.SaveV2(
        prefix=str(path), tensor_names=names, shape_and_slices=[""] * len(names), tensors=tensors
    )
    rng = np.random.default_rng(1)
    matrix = np.linalg.qr(rng.standard_normal((128, 128)))[0] * 40
    np.savez(
        path.with_name("vggish_pca_params.npz"),
        pca_eigen_vectors=matrix,
        pca_means=rng.normal(0, 0.01, (128, 1)),
    )
    return path


@pytest.fixture(scope="session")
def vggish_saved_model(vggish_weights, tmp_path_factory):
    """The weights behind TensorFlow's own front end: from a waveform to [examples, 128]."""
    import tensorflow as tf

    bank = tf.signal.linear_to_mel_weight_matrix(64, 257, 16000, 125.0, 7500.0)

    class Waveform(tf.Module):
        def __init__(self):
            super().__init__()
            self.network = vggish_weights

        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
        def __call__(self, waveform):
            spectrum = tf.abs(tf.signal.stft(waveform, 400, 160, 512, tf.signal.hann_window))
            bands = tf.math.log(tf.matmul(spectrum, bank) + 0.01)
            examples = tf.signal.frame(bands, 96, 96, axis=0)
            return self.network(examples[..., None], training=False)

    folder = tmp_path_factory.mktemp("saved_model")
    tf.saved_model.save(Waveform(), str(folder))
    return folder
