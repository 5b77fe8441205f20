"""Layers of the generators and critics, in the formulations that are fastest on a processor.

None changes the arithmetic of the papers: each is tested against the plain form.
"""

import keras
import numpy as np
import tensorflow as tf

KERNEL = 25
FEW, MANY = 16, 256  # positions and channels from which one matrix product is faster


@keras.saving.register_keras_serializable("gan")
class LeakyReLU(keras.layers.Layer):
    """Leaky rectifier as a product with a constant mask.

    Its gradient, and the gradient of that, is one product with the same mask, where the built-in
    operation computes a selection each time.
    """

    slope = 0.2

    def call(self, x):
        """Return `x` where positive, 0.2 `x` elsewhere."""
        one, slope = tf.constant(1, x.dtype), tf.constant(self.slope, x.dtype)
        return x * tf.stop_gradient(tf.where(x > 0, one, slope))


@keras.saving.register_keras_serializable("gan")
class StridedConv1D(keras.layers.Layer):
    """Convolution of 25 taps with a stride and "same" padding, computed without a stride.

    Blocks of `stride` samples become channels (space to depth), after which the same sums are a
    dense convolution of stride 1 over blocks, or where those are few and deep one product of
    matrices. The kernel keeps its 25 taps; zeros complete it to whole blocks.

    Parameters
    ----------
    filters : int
        Output channels.
    stride : int
        Divides the length of the input.
    """

    def __init__(self, filters, stride, **options):
        super().__init__(**options)
        self.filters = filters
        self.stride = stride

    def build(self, shape):
        """Make the kernel [25, channels, filters] and the bias [filters]."""
        self.kernel = self.add_weight((KERNEL, shape[-1], self.filters), name="kernel")
        self.bias = self.add_weight((self.filters,), initializer="zeros", name="bias")

    def compute_output_shape(self, shape):
        """Return [batch, length / stride, filters]."""
        return (shape[0], shape[1] // self.stride, self.filters)

    def call(self, x):
        """Convolve `x` [batch, length, channels]."""
        _, length, channels = x.shape
        left = (KERNEL - self.stride) // 2
        before = -(-left // self.stride)
        taps = (2 * before + 1) * self.stride
        lead = before * self.stride - left
        padding = [[lead, taps - KERNEL - lead], [0, 0], [0, 0]]
        width = self.stride * channels
        kernel = tf.reshape(tf.pad(self.kernel, padding), [-1, width, self.filters])
        blocks = tf.reshape(x, [-1, length // self.stride, width])
        deep = length // self.stride <= FEW and channels >= MANY
        return (_product if deep else _convolution)(blocks, kernel) + self.bias

    def get_config(self):
        """Return what rebuilds the layer."""
        return {**super().get_config(), "filters": self.filters, "stride": self.stride}


def _convolution(x, kernel):
    return tf.nn.conv1d(x, kernel, 1, "SAME")


def _product(x, kernel):
    """Return the same as `_convolution` from one product of matrices."""
    taps, filters = kernel.shape[0], kernel.shape[-1]
    around = np.arange(x.shape[1])[:, None] + np.arange(taps)
    padded = tf.pad(x, [[0, 0], [taps // 2, taps // 2], [0, 0]])
    rows = tf.reshape(tf.gather(padded, around.ravel(), axis=1), [-1, taps * x.shape[2]])
    product = tf.matmul(rows, tf.reshape(kernel, [-1, filters]))
    return tf.reshape(product, [-1, x.shape[1], filters])


@keras.saving.register_keras_serializable("gan")
class PhaseShuffle(keras.layers.Layer):
    """Shift of a whole batch in time, with the border reflected.

    The shift is an input, drawn by whoever trains: one per layer and call. A positive one delays.

    References
    ----------
    Donahue, McAuley, Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 3.3.
    """

    def __init__(self, index, **options):
        super().__init__(**options)
        self.index = index

    def call(self, x, shifts):
        """Return `x` [batch, length, channels], delayed by entry `index` of `shifts`."""
        last = x.shape[1] - 1
        position = tf.abs(tf.range(last + 1) - shifts[self.index])
        return tf.gather(x, tf.minimum(position, 2 * last - position), axis=1)

    def get_config(self):
        """Return what rebuilds the layer."""
        return {**super().get_config(), "index": self.index}
