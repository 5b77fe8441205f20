"""The network that is searched: every operation on every edge, weighted by what is learned.

Source: Y. Xu et al., *PC-DARTS: Partial channel connections for memory-efficient architecture
search*, ICLR 2020: section 3.2 partial channels, section 3.3 edge normalisation.
"""

import keras
from keras import layers, ops

from detect.models.blocks.cells import NODES, OPERATIONS, encode, normalise
from detect.models.blocks.residual import head

EDGES = [(node, source) for node in range(NODES) for source in range(2 + node)]


class Architecture(layers.Layer):
    """What is searched for one kind of cell: `alphas` [edges, choices] and `betas` [edges].

    The first choice is to have no edge, the others are those of `OPERATIONS`.
    """

    def build(self, input_shape):
        """Make both, so small that everything starts almost equal."""
        small = keras.initializers.RandomNormal(stddev=1e-3)
        shape = (len(EDGES), 1 + len(OPERATIONS))
        self.alphas = self.add_weight(shape=shape, initializer=small, name="alphas")
        self.betas = self.add_weight(shape=shape[:1], initializer=small, name="betas")

    def call(self, x):
        """Return the weights of choices on each edge and of edges into each node."""
        into = [[k for k, (n, _) in enumerate(EDGES) if n == node] for node in range(NODES)]
        edges = [ops.softmax(self.betas[part[0] : part[-1] + 1]) for part in into]
        return ops.softmax(self.alphas), ops.concatenate(edges)


class Mixed(layers.Layer):
    """All operations on a share of the channels; the other channels pass by.

    Parameters
    ----------
    edge : int
        Row of `EDGES`.
    stride : int
        Of the operations.
    parts : int
        One in so many channels is worked on.
    """

    def __init__(self, edge, stride, parts, **options):
        super().__init__(**options)
        self.edge, self.stride, self.parts = edge, stride, parts

    def build(self, x_shape, *others):
        """Make the operations, as one network with an output for each."""
        inputs = keras.Input((*x_shape[1:3], x_shape[-1] // self.parts))
        found = [operation(inputs, self.stride, False) for operation in OPERATIONS.values()]
        found = [
            normalise(y, affine=False) if "pool" in name else y
            for name, y in zip(OPERATIONS, found, strict=True)
        ]
        self.operations = keras.Model(inputs, found)

    def call(self, x, choices, edges):
        """Return the weighted sum beside what passes, channels shuffled, times the edge's weight.

        Parameters
        ----------
        x : tensor [batch, height, width, channels]
            Maps.
        choices, edges : tensor
            From `Architecture`.

        Returns
        -------
        tensor [batch, height, width, channels]
        """
        worked = x.shape[-1] // self.parts
        found = self.operations(x[..., :worked])
        weights = choices[self.edge, 1:]  # the first is of "none", which gives zeros
        mixed = sum(weights[k] * y for k, y in enumerate(found))
        rest = x[..., worked:]
        if self.stride > 1:
            rest = ops.max_pool(rest, 2, 2, "same")
        y = ops.concatenate([mixed, rest], axis=-1)
        y = ops.reshape(y, (-1, *y.shape[1:3], self.parts, worked))
        y = ops.reshape(ops.swapaxes(y, 3, 4), (-1, *y.shape[1:3], self.parts * worked))
        return edges[self.edge] * y


def build(shape, channels, cells, parts):
    """Return the network that is searched.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels).
    channels, cells : int
        As for detect.models.blocks.cells.encode.
    parts : int
        One in so many channels goes through the operations.

    Returns
    -------
    keras.Model
        To one logit, with layers ``normal`` and ``reduce`` of kind `Architecture`.
    """
    inputs = keras.Input(shape)
    searched = {name: Architecture(name=name)(inputs) for name in ("normal", "reduce")}

    def cell(states, channels, halve, name):
        choices, edges = searched["reduce" if halve else "normal"]
        states = list(states)
        for node in range(NODES):
            rows = [(edge, source) for edge, (n, source) in enumerate(EDGES) if n == node]
            sums = [
                Mixed(edge, 2 if halve and source < 2 else 1, parts)(states[source], choices, edges)
                for edge, source in rows
            ]
            states.append(layers.Add()(sums))
        return states[2:]

    return head(encode(inputs, channels, cells, cell), inputs, 0.0, "supernet")
