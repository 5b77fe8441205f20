"""Layers of transformer encoders that Keras lacks, registered so that saved networks find them."""

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="encoders")
class Positions(keras.layers.Layer):
    """Add a learned row to each frame.

    Parameters
    ----------
    most : int
        Number of rows; a clip has at most as many frames.
    """

    def __init__(self, most, **options):
        super().__init__(**options)
        self.most = most

    def build(self, shape):
        """Make the rows."""
        self.rows = self.add_weight(shape=(self.most, shape[-1]), initializer="zeros", name="rows")

    def call(self, x):
        """Return x [batch, frames, width] plus the first rows."""
        return x + self.rows[: x.shape[1]]

    def get_config(self):
        """Return what builds the layer again."""
        return {**super().get_config(), "most": self.most}


@keras.saving.register_keras_serializable(package="encoders")
class SelfAttention(keras.layers.Layer):
    """Scaled dot-product attention between the frames of a clip, head by head.

    Source: A. Vaswani et al., *Attention is all you need*, 2017, equation 1.

    Parameters
    ----------
    heads : int
        Number of heads.
    """

    def __init__(self, heads, **options):
        super().__init__(**options)
        self.heads = heads

    def call(self, joint, bias=None):
        """Return what each frame hears.

        Parameters
        ----------
        joint : tensor [batch, frames, 3 * width]
            Queries, keys and values side by side.
        bias : tensor [batch or 1, heads, frames, frames], optional
            Added to the products of queries and keys.

        Returns
        -------
        tensor [batch, frames, width]
        """
        frames, width = joint.shape[1], joint.shape[2] // 3
        size = width // self.heads
        parts = ops.reshape(joint, (-1, frames, 3, self.heads, size))
        query, key, value = ops.unstack(ops.transpose(parts, (2, 0, 3, 1, 4)), 3, axis=0)
        products = ops.matmul(query * size**-0.5, ops.swapaxes(key, -1, -2))
        attention = ops.softmax(products if bias is None else products + bias, axis=-1)
        heard = ops.transpose(ops.matmul(attention, value), (0, 2, 1, 3))
        return ops.reshape(heard, (-1, frames, width))

    def get_config(self):
        """Return what builds the layer again."""
        return {**super().get_config(), "heads": self.heads}


@keras.saving.register_keras_serializable(package="encoders")
class GroupedConv1D(keras.layers.Layer):
    """Convolution over time within groups of channels; as many frames as before.

    Parameters
    ----------
    kernel : int
        Frames of the kernel; of an even number, one more lies before a frame than after it.
    groups : int
        Groups of neighbouring channels.
    """

    def __init__(self, kernel, groups, **options):
        super().__init__(**options)
        self.size, self.groups = kernel, groups

    def build(self, shape):
        """Make kernel [frames, width / groups, width] and bias."""
        width = shape[-1]
        self.kernel = self.add_weight(shape=(self.size, width // self.groups, width), name="kernel")
        self.bias = self.add_weight(shape=(width,), initializer="zeros", name="bias")

    def call(self, x):
        """Return the convolution of x [batch, frames, width]."""
        before = self.size // 2
        x = ops.pad(x, ((0, 0), (before, self.size - 1 - before), (0, 0)))
        parts = zip(
            ops.split(x, self.groups, axis=-1),
            ops.split(self.kernel, self.groups, axis=-1),
            strict=True,
        )
        found = [ops.conv(part, kernel) for part, kernel in parts]
        return ops.concatenate(found, axis=-1) + self.bias

    def get_config(self):
        """Return what builds the layer again."""
        return {**super().get_config(), "kernel": self.size, "groups": self.groups}


@keras.saving.register_keras_serializable(package="encoders")
class RelativeBias(keras.layers.Layer):
    """A learned number for each head and distance of two frames, the far ones in common.

    Source: C. Raffel et al., *Exploring the limits of transfer learning*, 2020, section 2.1.

    Parameters
    ----------
    heads : int
        Heads of the attention.
    buckets : int
        Kinds of distance, half of them for frames that come later; of each half, half are exact.
    farthest : int
        Distance in frames from which on all are of one kind.
    """

    def __init__(self, heads, buckets, farthest, **options):
        super().__init__(**options)
        self.heads, self.buckets, self.farthest = heads, buckets, farthest

    def build(self, shape):
        """Make the numbers."""
        self.values = self.add_weight(
            shape=(self.buckets, self.heads), initializer="zeros", name="values"
        )

    def call(self, x):
        """Return the numbers for the frames of x [batch, frames, width], [1, heads, n, n]."""
        kinds = distances(x.shape[1], self.buckets, self.farthest)
        return ops.transpose(ops.take(self.values, kinds, axis=0), (2, 0, 1))[None]

    def get_config(self):
        """Return what builds the layer again."""
        own = {"heads": self.heads, "buckets": self.buckets, "farthest": self.farthest}
        return {**super().get_config(), **own}


def distances(frames, buckets, farthest):
    """Return the kind of distance from each frame to each, ndarray [frames, frames] of int."""
    places = np.arange(frames)
    steps = places[None] - places[:, None]
    half = buckets // 2
    exact = half // 2
    far = np.log(np.maximum(np.abs(steps), 1).astype(np.float32) / np.float32(exact))
    far = (exact + far / np.float32(np.log(farthest / exact)) * (half - exact)).astype(int)
    near = np.where(np.abs(steps) < exact, np.abs(steps), np.minimum(far, half - 1))
    return near + half * (steps > 0)


@keras.saving.register_keras_serializable(package="encoders")
class Gates(keras.layers.Layer):
    """Let each frame say how much the bias by distance counts.

    Source: S. Chen et al., *WavLM*, 2022, equations 5 to 7.

    Parameters
    ----------
    heads : int
        Heads of the attention.
    """

    def __init__(self, heads, **options):
        super().__init__(**options)
        self.heads = heads

    def build(self, x_shape, bias_shape):
        """Make a dense layer of one head's width to 8, and a factor for each head."""
        self.kernel = self.add_weight(shape=(x_shape[-1] // self.heads, 8), name="kernel")
        self.bias = self.add_weight(shape=(8,), initializer="zeros", name="bias")
        self.factor = self.add_weight(shape=(self.heads,), initializer="ones", name="factor")

    def call(self, x, bias):
        """Return bias [1, heads, n, n] as the frames of x [batch, n, width] let it through."""
        frames = x.shape[1]
        parts = ops.reshape(x, (-1, frames, self.heads, x.shape[2] // self.heads))
        asked = ops.reshape(parts @ self.kernel + self.bias, (-1, frames, self.heads, 2, 4))
        update, reset = ops.unstack(ops.sigmoid(ops.sum(asked, axis=-1)), 2, axis=-1)
        gate = update * (reset * self.factor - 1) + 2
        return ops.swapaxes(gate, 1, 2)[..., None] * bias

    def get_config(self):
        """Return what builds the layer again."""
        return {**super().get_config(), "heads": self.heads}


def attention(x, heads, name, bias=None):
    """Return self-attention of x [batch, frames, width] with its projections.

    Layers ``<name>_joint`` (query, key and value) and ``<name>_out``.
    """
    joint = keras.layers.Dense(3 * x.shape[-1], name=f"{name}_joint")(x)
    heard = SelfAttention(heads, name=f"{name}_heads")(joint, bias)
    return keras.layers.Dense(x.shape[-1], name=f"{name}_out")(heard)


@keras.saving.register_keras_serializable(package="encoders")
def gelu(x):
    """Return x times the normal distribution function of x.

    By erf, which takes a third of the time that erfc takes in Keras' own; they differ by rounding.

    Source: D. Hendrycks, K. Gimpel, *Gaussian error linear units*, 2016, section 2.
    """
    return 0.5 * x * (1 + ops.erf(x * 0.5**0.5))


def activation(name):
    """Return an activation by the name that the package `transformers` gives it."""
    return gelu if name == "gelu" else keras.activations.get(name)


def feed_forward(x, inner, name, act="gelu"):
    """Return two dense layers, ``<name>_in`` of `inner` units and ``<name>_out``."""
    y = keras.layers.Dense(inner, activation=activation(act), name=f"{name}_in")(x)
    return keras.layers.Dense(x.shape[-1], name=f"{name}_out")(y)


def normalised(x, name, epsilon=1e-5):
    """Return each frame with mean zero and variance one, then scaled and moved."""
    return keras.layers.LayerNormalization(epsilon=epsilon, name=name)(x)
