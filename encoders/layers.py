"""Layers of transformer encoders that Keras lacks, registered so that saved networks find them."""

import keras
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


def attention(x, heads, name, bias=None):
    """Return self-attention of x [batch, frames, width] with its projections.

    Layers ``<name>_joint`` (query, key and value) and ``<name>_out``.
    """
    joint = keras.layers.Dense(3 * x.shape[-1], name=f"{name}_joint")(x)
    heard = SelfAttention(heads, name=f"{name}_heads")(joint, bias)
    return keras.layers.Dense(x.shape[-1], name=f"{name}_out")(heard)


def feed_forward(x, inner, name, activation="gelu"):
    """Return two dense layers, ``<name>_in`` of `inner` units and ``<name>_out``."""
    y = keras.layers.Dense(inner, activation=activation, name=f"{name}_in")(x)
    return keras.layers.Dense(x.shape[-1], name=f"{name}_out")(y)


def normalised(x, name):
    """Return each frame with mean zero and variance one, then scaled and moved."""
    return keras.layers.LayerNormalization(epsilon=1e-5, name=name)(x)
