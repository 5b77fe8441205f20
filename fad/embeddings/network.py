"""What an embedding file provides: a function from windows to vectors, named by its weights."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

BATCH = 64


@dataclass(frozen=True)
class Network:
    """A map from windows to embeddings.

    Attributes
    ----------
    digest : str
        Names the weights and the front end; changes when either does.
    dimensions : int
        Length d of one embedding.
    context : int
        Samples at 16 kHz that one embedding is made of.
    opened : callable
        Without arguments; loads the weights and returns `forward`. Called once, when the first
        window comes, so that a set that is all in the cache needs no TensorFlow.
    """

    digest: str
    dimensions: int
    context: int
    opened: Callable

    @cached_property
    def forward(self):
        """From float32 windows [n, context] to float32 embeddings [n, d]."""
        return self.opened()


def compiled(model):
    """Return a Keras model as a function of numpy arrays that is traced once.

    Parameters
    ----------
    model : keras.Model
        From [n, ...] to [n, d].

    Returns
    -------
    callable
        From float32 [n, ...] to float32 [n, d]; inside, every batch has `BATCH` rows, because a
        new shape would be compiled anew.
    """
    import tensorflow as tf

    graph = tf.function(
        lambda batch: model(batch, training=False),
        input_signature=[tf.TensorSpec((BATCH, *model.input_shape[1:]), tf.float32)],
    )

    def forward(rows):
        batches = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
        return np.concatenate([graph(_full(batch)).numpy()[: len(batch)] for batch in batches])

    return forward


def _full(batch):
    missing = BATCH - len(batch)
    return np.pad(batch, [(0, missing)] + [(0, 0)] * (batch.ndim - 1)) if missing else batch
