"""Layers that Keras lacks, registered so that a saved detector finds them."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="detect")
class Learned(keras.layers.Layer):
    """Add a learned array to the input: the place of each node, or a node that starts from zero."""

    def build(self, input_shape):
        """Make the array of the shape of one input."""
        shape = (1, *input_shape[1:])
        start = keras.initializers.RandomNormal(stddev=1.0)
        self.value = self.add_weight(shape=shape, initializer=start, name="value")

    def call(self, x):
        """Return x + the array."""
        return x + self.value


@keras.saving.register_keras_serializable(package="detect")
class KeepTop(keras.layers.Layer):
    """Keep the nodes with the highest scores, each multiplied by its score.

    Parameters
    ----------
    share : float
        Share of the nodes that is kept, at least one.
    """

    def __init__(self, share, **options):
        super().__init__(**options)
        self.share = share

    def call(self, nodes, scores):
        """Return nodes [batch, kept, d] of nodes [batch, n, d] and scores [batch, n, 1]."""
        kept = max(int(nodes.shape[1] * self.share), 1)
        _, index = ops.top_k(scores[..., 0], kept)
        return ops.take_along_axis(nodes * scores, index[..., None], axis=1)

    def get_config(self):
        """Return what builds the layer again."""
        return {**super().get_config(), "share": self.share}


@keras.saving.register_keras_serializable(package="detect")
class Cosine(keras.layers.Layer):
    """Cosine between each row of the input and a learned direction, [batch, 1]."""

    def build(self, input_shape):
        """Make the direction, as long as a row."""
        self.direction = self.add_weight(
            shape=(input_shape[-1], 1), initializer="glorot_uniform", name="direction"
        )

    def call(self, x):
        """Return the cosines; 0 for a row of zeros."""
        return ops.normalize(x, axis=-1) @ ops.normalize(self.direction, axis=0)


@keras.saving.register_keras_serializable(package="detect")
class WeightedSum(keras.layers.Layer):
    """Sum along an axis with a learned weight for each place.

    Parameters
    ----------
    axis : int
        The axis that disappears.
    softmax : bool
        Let the weights be positive and sum to one, as for the blocks of an encoder (C.-H. Yang et
        al., *SUPERB*, Interspeech 2021, section 3); they start equal either way.
    """

    def __init__(self, axis, softmax=True, **options):
        super().__init__(**options)
        self.axis, self.softmax = axis, softmax

    def build(self, input_shape):
        """Make the weights."""
        places = input_shape[self.axis]
        start = keras.initializers.Constant(0.0 if self.softmax else 1 / places)
        self.weight = self.add_weight(shape=(places,), initializer=start, name="weight")

    def call(self, x):
        """Return the sum."""
        weight = ops.softmax(self.weight) if self.softmax else self.weight
        return ops.tensordot(x, weight, axes=[[self.axis], [0]])

    def get_config(self):
        """Return what builds the layer again."""
        return {**super().get_config(), "axis": self.axis, "softmax": self.softmax}
