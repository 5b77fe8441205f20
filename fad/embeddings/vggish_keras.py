"""VGGish as a Keras network that reads the variables of the original checkpoint."""

from pathlib import Path

import numpy as np

from experiment import npz
from experiment.errors import DataError, UsageError
from experiment.files import digest, file_digest
from fad.embeddings.mel_windows import BANDS, CONTEXT, FRAMES, log_mel
from fad.embeddings.network import Network, compiled

LAYERS = (
    "conv1",
    "conv2",
    "conv3/conv3_1",
    "conv3/conv3_2",
    "conv4/conv4_1",
    "conv4/conv4_2",
    "fc1/fc1_1",
    "fc1/fc1_2",
    "fc2",
)
PARAMETERS = "vggish_pca_params.npz"
FILTERS = (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool")


def network(source=None):
    """VGGish from the original checkpoint, 128-d, before the last ReLU.

    Parameters
    ----------
    source : str or Path
        The checkpoint, ``vggish_model.ckpt``.

    Returns
    -------
    Network
        Raw embeddings.

    Raises
    ------
    UsageError
        If no checkpoint is given.
    DataError
        If it is no VGGish checkpoint.
    """
    return _network(source, "raw")


def relu_network(source=None):
    """VGGish from the original checkpoint, 128-d, after the last ReLU, as torchvggish has it.

    Parameters, result and errors are those of `network`.
    """
    return _network(source, "relu")


def pca_network(source=None):
    """VGGish from the original checkpoint, 128-d, whitened and quantised to 0..255.

    Parameters, result and errors are those of `network`; ``vggish_pca_params.npz`` must lie
    beside the checkpoint.
    """
    return _network(source, "pca")


def bf16_network(source=None):
    """VGGish from the original checkpoint, 128-d, in bfloat16: faster, a measure of its own.

    Parameters, result and errors are those of `network`; a processor without bfloat16 is refused.
    """
    if not has_bfloat16():
        raise UsageError("this processor has no bfloat16: choose --embedding vggish_keras")
    return _network(source, "bf16")


def has_bfloat16():
    """Whether the processor multiplies matrices in bfloat16; emulation is slower than float32."""
    file = Path("/proc/cpuinfo")
    flags = set(file.read_text().split()) if file.exists() else set()
    return bool(flags & {"avx512_bf16", "amx_bf16"})


def _network(source, ending):
    if source is None:
        raise UsageError("give the original checkpoint, vggish_model.ckpt, by --source")
    files = sorted(Path(source).parent.glob(f"{Path(source).name}*"))
    if not files:
        raise DataError(f"{source}: no such checkpoint")
    if ending == "pca":
        files.append(Path(source).with_name(PARAMETERS))
    digests = [file_digest(file) for file in files]
    return Network(digest(ending, *digests), 128, CONTEXT, lambda: opened(source, ending))


def opened(source, ending):
    """Return the function from windows [n, 15600] to embeddings [n, 128].

    Parameters
    ----------
    source : str or Path
        The checkpoint.
    ending : {"raw", "relu", "pca", "bf16"}
        What follows the last layer, or the arithmetic.

    Returns
    -------
    callable
        See `fad.embeddings.network.Network`.
    """
    model = build(ending == "relu", "mixed_bfloat16" if ending == "bf16" else "float32")
    model.set_weights(read_checkpoint(source))
    forward = compiled(model)
    if ending != "pca":
        return lambda windows: forward(log_mel(windows, 0.01)[..., None])
    quantise = postprocessor(Path(source).with_name(PARAMETERS))
    return lambda windows: quantise(forward(log_mel(windows, 0.01)[..., None]))


def build(relu=False, dtype="float32"):
    """Return VGGish with random weights: 72,141,184 parameters.

    Parameters
    ----------
    relu : bool
        End in a ReLU.
    dtype : str
        Keras dtype policy of all layers but the last, which is float32.

    Returns
    -------
    keras.Model
        From log-mel examples [n, 96, 64, 1] to embeddings [n, 128].

    Source
    ------
    TensorFlow models, research/audioset/vggish/vggish_slim.py.
    """
    import keras
    from keras import layers

    x = inputs = keras.Input((FRAMES, BANDS, 1))
    for filters in FILTERS:
        if filters == "pool":
            x = layers.MaxPooling2D(2, padding="same", dtype=dtype)(x)
        else:
            x = layers.Conv2D(filters, 3, padding="same", activation="relu", dtype=dtype)(x)
    x = layers.Flatten(dtype=dtype)(x)
    for units in (4096, 4096):
        x = layers.Dense(units, activation="relu", dtype=dtype)(x)
    last = layers.Dense(128, activation="relu" if relu else None, dtype="float32")
    return keras.Model(inputs, last(x))


def read_checkpoint(source):
    """Return the variables of the original checkpoint in the order of `build`.

    Parameters
    ----------
    source : str or Path
        Path of the checkpoint, without ``.index``.

    Returns
    -------
    list of ndarray
        Weights and biases of each layer.

    Raises
    ------
    DataError
        If the file is missing or damaged or lacks a variable.
    """
    import tensorflow as tf

    try:
        reader = tf.train.load_checkpoint(str(source))
        names = [f"vggish/{layer}/{kind}" for layer in LAYERS for kind in ("weights", "biases")]
        return [reader.get_tensor(name) for name in names]
    except Exception as error:
        raise DataError(f"{source}: no VGGish checkpoint ({error})") from None


def postprocessor(file):
    """Return the post-processing that AudioSet's released embeddings went through.

    Parameters
    ----------
    file : str or Path
        ``vggish_pca_params.npz`` with ``pca_eigen_vectors`` [128, 128] and ``pca_means`` [128, 1].

    Returns
    -------
    callable
        From raw embeddings [n, 128] to whole numbers 0..255 as float32.

    Raises
    ------
    DataError
        If the file is missing or damaged.

    Source
    ------
    TensorFlow models, research/audioset/vggish/vggish_postprocess.py.
    """
    stored = npz.read(file, "fetch it again")
    try:
        matrix, means = stored["pca_eigen_vectors"], stored["pca_means"].reshape(-1)
    except KeyError as error:
        raise DataError(f"{file}: no PCA parameters ({error})") from None

    def quantise(raw):
        whitened = np.clip((raw - means) @ matrix.T, -2.0, 2.0)
        return ((whitened + 2.0) * (255.0 / 4.0)).astype(np.uint8).astype(np.float32)

    return quantise
