"""Residual vector quantisation: each codebook describes what those before it left over.

References
----------
Zeghidour et al., "SoundStream: An End-to-End Neural Audio Codec", IEEE/ACM TASLP 2022, section
III.C; entries of few dimensions and unit length, which keep all of a codebook in use: Kumar et al.,
"High-Fidelity Audio Compression with Improved RVQGAN", NeurIPS 2023, section 3.1.
"""

import keras
import tensorflow as tf

COMMITMENT = 0.25


@keras.saving.register_keras_serializable("gan")
class ResidualQuantiser(keras.layers.Layer):
    """Vectors to sums of codebook entries, with the gradient passed straight through.

    Parameters
    ----------
    books : int
        Number of codebooks.
    entries : int
        Entries of each.
    dim : int
        Dimensions in which entries are looked up.
    """

    def __init__(self, books, entries=1024, dim=8, **options):
        super().__init__(dtype="float32", **options)
        self.books, self.entries, self.dim = books, entries, dim

    def build(self, shape):
        """Make codebooks [books, entries, dim] and the projections into and out of `dim`."""
        width = shape[-1]
        random = keras.initializers.RandomNormal
        self.codebooks = self.add_weight(
            (self.books, self.entries, self.dim), initializer=random(), name="codebooks"
        )
        self.inward = self.add_weight((self.books, width, self.dim), name="inward")
        self.outward = self.add_weight((self.books, self.dim, width), name="outward")

    def codes(self, x, book):
        """Return the nearest entry of one codebook, and where `x` [..., width] lies beside it.

        Returns
        -------
        index : Tensor [...], int64
            By the angle between the vectors.
        entry, place : Tensor [..., dim]
            Of the codebook, and of `x` in its dimensions; both with a mean square of 1.
        """
        place = self._even(tf.matmul(x, self.inward[book]))
        known = self._even(self.codebooks[book])
        index = tf.argmax(tf.matmul(place, known, transpose_b=True), -1)
        return index, tf.gather(known, index), place

    def _even(self, x):
        return tf.math.l2_normalize(x, -1, epsilon=1e-8) * self.dim**0.5

    def call(self, x, used):
        """Quantise.

        Parameters
        ----------
        x : Tensor [batch, frames, width]
            What is described.
        used : Tensor [batch] of int
            How many codebooks describe each item.

        Returns
        -------
        sum : Tensor [batch, frames, width]
            Its gradient to `x` is that of an identity for what the projections keep.
        closeness : Tensor []
            Mean squared distance between vectors and entries: entries follow vectors, and vectors,
            with a quarter of that weight, entries.
        """
        total, rest, closeness = tf.zeros_like(x), x, 0.0
        for book in range(self.books):
            active = tf.cast(used > book, tf.float32)[:, None, None]
            _, entry, place = self.codes(rest, book)
            gaps = (entry - tf.stop_gradient(place)) ** 2, (tf.stop_gradient(entry) - place) ** 2
            closeness += tf.reduce_mean(active * (gaps[0] + COMMITMENT * gaps[1]))
            through = place + tf.stop_gradient(entry - place)
            described = tf.matmul(through, self.outward[book]) * active
            total, rest = total + described, rest - described
        return total, closeness

    def compute_output_shape(self, x_shape, used_shape):
        """Return the shapes of both outputs."""
        return x_shape, ()
