"""A Keras network of a LiteRT (TensorFlow Lite) file: its operations, one after the other.

What the converter fused stays fused, so that layers have other names than before; logits are equal.
Weights in float16 and 8 bits become float32. An operation that is not in `OPERATIONS` is named.
"""

from math import prod
from pathlib import Path

import numpy as np

from detect.use.checks import LARGEST
from experiment.errors import DataError
from experiment.files import reason

MAGIC = b"TFL3"
MOST = 100_000  # operations
KINDS = {0: "<f4", 1: "<f2", 2: "<i4", 4: "<i8", 9: "i1"}  # of numbers, by LiteRT's codes
ACTIVATIONS = {0: None, 1: "relu", 3: "relu6", 4: "tanh"}


def is_litert(path):
    """Whether a file is a LiteRT model, by its content."""
    if not Path(path).is_file():
        return False
    with open(path, "rb") as file:
        return file.read(8)[4:] == MAGIC


def read_litert(path):
    """Return the network of a LiteRT file. Nothing in the file can run code.

    Parameters
    ----------
    path : str or Path
        With one input [1, ...] and one output, in floats.

    Returns
    -------
    keras.Model

    Raises
    ------
    DataError
        If the file is damaged, or holds an operation or a kind of numbers that is not known.
    """
    from tensorflow.lite.python import schema_py_generated as schema

    try:
        content = schema.ModelT.InitFromPackedBuf(Path(path).read_bytes(), 0)
        return _Builder(content, schema).network()
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    except Exception as error:  # the reader of flat buffers, and Keras, raise all kinds
        raise DataError(f"{path}: damaged LiteRT file ({reason(error)})") from None


class _Builder:
    """What a LiteRT graph says, said with Keras layers."""

    def __init__(self, content, schema):
        self.content, self.graph = content, content.subgraphs[0]
        self.codes = {
            value: name for name, value in vars(schema.BuiltinOperator).items()
            if isinstance(value, int)
        }  # fmt: skip
        self.values = {}  # symbolic tensors by number

    def network(self):
        """Return the model."""
        import keras

        (source,), (target,) = self.graph.inputs, self.graph.outputs
        self._require_known()
        inputs = keras.Input(self.shape(source)[1:])
        self.values[source] = inputs
        for operator in self.graph.operators:
            self._add(operator)
        return keras.Model(inputs, self.values[target], name="litert")

    def _require_known(self):
        if len(self.graph.operators) > MOST:
            raise DataError(f"{len(self.graph.operators)} operations; at most {MOST} are read")
        names = dict.fromkeys(self._name(operator) for operator in self.graph.operators)
        if unknown := [name for name in names if name not in OPERATIONS]:
            raise DataError(
                f"the operations {', '.join(unknown)} are not read; give the checkpoint or the "
                "Keras file that it was made of"
            )

    def _name(self, operator):
        code = self.content.operatorCodes[operator.opcodeIndex]
        return self.codes[max(code.builtinCode, code.deprecatedBuiltinCode)]

    def _add(self, operator):
        function = OPERATIONS[self._name(operator)]
        found = function(self, operator.builtinOptions, *operator.inputs)
        found = found if isinstance(found, (list, tuple)) else [found]
        if (size := max(prod(one.shape[1:]) for one in found)) > LARGEST:
            raise DataError(f"an operation makes {size:.3g} numbers of a clip")
        self.values.update(zip(operator.outputs, found, strict=True))

    def __getitem__(self, number):
        """Return a tensor: symbolic, or a constant of the file."""
        return self.values[number] if number in self.values else self.constant(number)

    def shape(self, number):
        """Return the shape of a tensor as the file tells it, tuple of int."""
        shape = self.graph.tensors[number].shape
        return () if shape is None else tuple(int(size) for size in shape)

    def constant(self, number):
        """Return numbers that the file holds, floats as float32."""
        if number in self.values:
            return np.asarray(self.values[number])
        tensor = self.graph.tensors[number]
        content = self.content.buffers[tensor.buffer].data
        if content is None or tensor.type not in KINDS:
            raise DataError("a tensor holds no numbers of a kind that is read; export in float")
        values = np.frombuffer(bytes(content), KINDS[tensor.type]).reshape(self.shape(number))
        if values.dtype.kind == "f":
            return values.astype(np.float32)
        scale = getattr(tensor.quantization, "scale", None)
        return values if scale is None else _rescaled(values, tensor.quantization)


def _rescaled(values, told):
    """Return integers as the numbers that they stand for."""
    shape = [1] * values.ndim
    if len(told.scale) > 1:
        shape[told.quantizedDimension] = len(told.scale)
    zero = np.zeros(len(told.scale)) if told.zeroPoint is None else np.asarray(told.zeroPoint)
    scale = np.reshape(told.scale, shape)
    return ((values - zero.reshape(shape)) * scale).astype(np.float32)


# ------------------------------------------------------------------ operations


def _layer(layer, x, *weights):
    """Return a layer's answer after giving it its weights."""
    found = layer(x)
    layer.set_weights([weight for weight in weights if weight is not None])
    return found


def _activated(x, code):
    from keras import layers

    return x if code == 0 else layers.Activation(ACTIVATIONS[code])(x)


def _windowed(options):
    padding = {0: "same", 1: "valid"}[options.padding]
    return {"strides": (options.strideH, options.strideW), "padding": padding}


def _convolved(kind, graph, options, x, kernel, bias=-1):
    from keras import layers

    kernel = graph.constant(kernel)
    bias = None if bias < 0 else graph.constant(bias)
    step = (options.dilationHFactor, options.dilationWFactor)
    common = {"kernel_size": kernel.shape[1:3], "dilation_rate": step, "use_bias": bias is not None,
              **_windowed(options)}  # fmt: skip
    channels = graph[x].shape[-1]
    if kind == "depthwise":
        layer = layers.DepthwiseConv2D(depth_multiplier=kernel.shape[-1] // channels, **common)
        kernel = kernel[0].reshape(*kernel.shape[1:3], channels, -1)
    else:
        layer = layers.Conv2D(len(kernel), groups=channels // kernel.shape[-1], **common)
        kernel = kernel.transpose(1, 2, 3, 0)
    found = _layer(layer, graph[x], kernel, bias)
    return _activated(found, options.fusedActivationFunction)


def _dense(graph, options, x, kernel, bias=-1):
    from keras import layers

    kernel = graph.constant(kernel)
    bias = None if bias < 0 else graph.constant(bias)
    source = graph[x]
    if len(source.shape) > 2 and not options.keepNumDims:
        source = layers.Reshape((kernel.shape[1],))(source)
    layer = layers.Dense(len(kernel), use_bias=bias is not None)
    found = _layer(layer, source, kernel.T, bias)
    return _activated(found, options.fusedActivationFunction)


def _pooled(kind, graph, options, x):
    from keras import layers

    size = options.filterHeight, options.filterWidth
    layer = {"max": layers.MaxPooling2D, "average": layers.AveragePooling2D}[kind]
    found = layer(size, **_windowed(options))(graph[x])
    return _activated(found, options.fusedActivationFunction)


def _axes(graph, number, rank):
    axes = [int(axis) % rank for axis in np.ravel(graph.constant(number))]
    if 0 in axes:
        raise DataError("an operation runs over clips; export it for one clip at a time")
    return axes


def _reduced(name, graph, options, x, axes):
    import keras

    source = graph[x]
    over = _axes(graph, axes, len(source.shape))
    return getattr(keras.ops, name)(source, axis=over, keepdims=options.keepDims)


def _joined(graph, options, *parts):
    from keras import layers

    parts = [graph[part] for part in parts]
    found = layers.Concatenate(axis=options.axis)(parts)
    return _activated(found, options.fusedActivationFunction)


def _of_two(name, graph, options, a, b):
    import keras

    found = getattr(keras.ops, name)(graph[a], graph[b])
    return _activated(found, getattr(options, "fusedActivationFunction", 0))


def _squared_difference(graph, options, a, b):
    import keras

    return keras.ops.square(_of_two("subtract", graph, None, a, b))


def _of_one(name, graph, options, x):
    import keras

    return getattr(keras.ops, name)(graph[x])


def _leaky(graph, options, x):
    from keras import layers

    return layers.LeakyReLU(float(options.alpha))(graph[x])


def _reshaped(graph, options, x, *shape):
    from keras import layers

    wanted = graph.constant(shape[0]) if shape else options.newShape
    if wanted[0] != 1:
        raise DataError("an operation moves the clips; export it for one clip at a time")
    return layers.Reshape([int(size) for size in wanted[1:]])(graph[x])


def _padded(graph, options, x, widths):
    import keras

    return keras.ops.pad(graph[x], [[int(n) for n in pair] for pair in graph.constant(widths)])


def _turned(graph, options, x, order):
    from keras import layers

    order = [int(axis) for axis in graph.constant(order)]
    if order[0]:
        raise DataError("an operation moves the clips; export it for one clip at a time")
    return layers.Permute(order[1:])(graph[x])


def _split(graph, options, axis, x):
    import keras

    (axis,) = _axes(graph, axis, len(graph[x].shape))
    return keras.ops.split(graph[x], options.numSplits, axis=axis)


def _same(graph, options, x):
    return graph[x]


def _each(function, names):
    """Return operations that differ in the name of what Keras calls them."""
    return {
        operation: lambda *args, name=name: function(name, *args)
        for operation, name in names.items()
    }


OPERATIONS = {
    **_each(_convolved, {"CONV_2D": "full", "DEPTHWISE_CONV_2D": "depthwise"}),
    "FULLY_CONNECTED": _dense,
    **_each(_pooled, {"MAX_POOL_2D": "max", "AVERAGE_POOL_2D": "average"}),
    **_each(_reduced, {"MEAN": "mean", "SUM": "sum", "REDUCE_MAX": "max", "REDUCE_MIN": "min"}),
    "CONCATENATION": _joined,
    **_each(_of_two, {
        "ADD": "add", "SUB": "subtract", "MUL": "multiply", "DIV": "divide", "MAXIMUM": "maximum",
        "MINIMUM": "minimum",
    }),
    "SQUARED_DIFFERENCE": _squared_difference,
    **_each(_of_one, {
        "ABS": "abs", "SQRT": "sqrt", "RSQRT": "rsqrt", "EXP": "exp", "LOG": "log",
        "SQUARE": "square", "NEG": "negative", "TANH": "tanh", "LOGISTIC": "sigmoid",
        "RELU": "relu", "RELU6": "relu6", "ELU": "elu", "SOFTMAX": "softmax",
        "HARD_SWISH": "hard_swish",
    }),
    "LEAKY_RELU": _leaky,
    "RESHAPE": _reshaped,
    "PAD": _padded,
    "TRANSPOSE": _turned,
    "SPLIT": _split,
    "DEQUANTIZE": _same,
}  # fmt: skip
