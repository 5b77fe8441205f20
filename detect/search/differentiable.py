"""Differentiable architecture search: weights learn on one half of the clips, cells on the other.

Sources: H. Liu, K. Simonyan, Y. Yang, *DARTS: Differentiable architecture search*, ICLR 2019 (first
order); Y. Xu et al., *PC-DARTS*, ICLR 2020 (partial channels, edge normalisation, warm-up).
"""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from detect.models.blocks.cells import NODES, OPERATIONS
from detect.training.checkpoints import keep, restore
from detect.training.losses import cross_entropy
from detect.training.optimise import initialised
from detect.training.sampling import balance
from experiment.errors import DataError, UsageError
from experiment.files import digest, dumps, write_json
from experiment.progress import meter
from experiment.seeds import rng


@dataclass(frozen=True, kw_only=True)
class SearchConfig:
    """How cells are searched.

    Attributes
    ----------
    epochs : int
        Passes over the half of the clips that the weights learn from.
    warmup : int
        First passes in which the cells stay as they are, because untrained convolutions look worse
        than what needs no weights.
    batch : int
        Clips per step, of each half.
    channels, cells : int
        Channels of the first cell, number of cells.
    parts : int
        One in so many channels goes through the operations.
    learning_rate : float
        Step size of the weights (Adam).
    cell_rate : float
        Step size of the cells (Adam).
    seed : int
        Of initial weights, halves and order.
    """

    epochs: int = 12
    warmup: int = 4
    batch: int = 32
    channels: int = 16
    cells: int = 4
    parts: int = 2
    learning_rate: float = 1e-3
    cell_rate: float = 6e-3
    seed: int = 0

    def __post_init__(self):
        if not 0 <= self.warmup < self.epochs:
            raise UsageError(
                f"warmup must be less than epochs. Received: {self.warmup}, {self.epochs}"
            )
        if self.parts < 1 or self.channels % (2 * self.parts):
            raise UsageError(
                f"channels must be a multiple of 2 parts. Received: {self.channels}, {self.parts}"
            )


def search(features, real, config, path=None, resume=False):
    """Search cells.

    Parameters
    ----------
    features : ndarray [clips, frames, bands, 1]
        Training clips; development and test clips have no part in a search.
    real : ndarray [clips] of bool
        Which are bona fide.
    config : SearchConfig
        How to search.
    path : str or Path, optional
        JSON file that holds the cells after every epoch; ``.npz`` beside it holds the state of the
        search until it ends.
    resume : bool
        Go on from that state, if it is there; the cells are those of an uninterrupted search.

    Returns
    -------
    dict
        The cells ``normal`` and ``reduce`` as detect.models.pcdarts takes them, and ``search``: how
        they were found, with the losses of both halves.

    Raises
    ------
    DataError
        If there are too few clips for one step, the loss is no longer finite, or the state is of
        another search.
    """
    from detect.search import supernet

    learn, judge = halves(real, config.seed)
    if len(learn) < config.batch:
        raise DataError(f"{len(real)} clips; two halves of {config.batch} are needed at least")
    with initialised(config.seed):
        network = supernet.build(features.shape[1:], config.channels, config.cells, config.parts)
    weights, cells = parts_of(network)
    optimizers = [_adam(weights, config.learning_rate), _adam(cells, config.cell_rate)]
    steps = [_step(network, *pair) for pair in zip((weights, cells), optimizers, strict=True)]
    data = {"clips": len(real), "data": digest(np.ascontiguousarray(features), real)}
    state = _State(network, optimizers, {**asdict(config), **data}, path)
    if resume:
        state.restore()
    with meter("search", config.epochs) as advance:
        advance(len(state.curves))
        for epoch in range(len(state.curves), config.epochs):
            active = steps if epoch >= config.warmup else steps[:1]
            losses = _epoch(active, features, real, (learn, judge), config, epoch)
            state.update({"epoch": epoch, **losses})
            advance(note=", ".join(f"{name} {value:.3f}" for name, value in losses.items()))
    return state.end()


def checkpoint_of(path):
    """Return the file in which an unfinished search keeps its state, beside its cells."""
    return Path(path).with_suffix(".npz")


class _State:
    """What an epoch changes, in memory and in the files beside `path`."""

    def __init__(self, network, optimizers, settings, path):
        self.network, self.settings, self.path = network, settings, path
        self.checkpoint = None if path is None else checkpoint_of(path)
        self.variables = [*network.variables, *(v for one in optimizers for v in one.variables)]
        self.curves, self.seconds, self.clock = [], 0.0, time.monotonic()

    @property
    def notes(self):
        """How the search was made, as far as it is."""
        return {**self.settings, "seconds": round(self.seconds, 1), "curves": self.curves}

    @property
    def found(self):
        """The cells by now."""
        return {**derive_all(self.network), "search": self.notes}

    def update(self, row):
        """Take in the curve's new row and write what is found by now."""
        self.curves.append(row)
        now = time.monotonic()
        self.seconds, self.clock = self.seconds + now - self.clock, now
        if self.path is not None:
            keep(self.checkpoint, self.variables, search=np.array(dumps(self.notes)))
            write_json(self.path, self.found)

    def restore(self):
        """Go on where the checkpoint is."""
        if self.checkpoint is None or not self.checkpoint.exists():
            return
        notes = json.loads(str(restore(self.checkpoint, self.variables)["search"]))
        self.curves, self.seconds = notes.pop("curves"), notes.pop("seconds")
        if notes != self.settings:
            raise DataError(
                f"{self.checkpoint}: of a search with other settings or clips; delete it"
            )

    def end(self):
        """Leave only the cells, and return them."""
        if self.path is not None:
            write_json(self.path, self.found)
            self.checkpoint.unlink(missing_ok=True)
        return self.found


def halves(real, seed):
    """Return the rows of two random halves of the clips, each with half of both classes.

    Parameters
    ----------
    real : ndarray [n] of bool
        Which clips are bona fide.
    seed : int
        Of the draw.

    Returns
    -------
    first, second : ndarray [n // 2] of int
    """
    order = rng(seed, "halves").permutation(len(real))
    order = order[np.argsort(real[order], kind="stable")]
    even = len(order) // 2 * 2
    return order[:even:2], order[1:even:2]


def parts_of(network):
    """Return the weights of a supernet and the variables that describe its cells."""
    cells = [v for name in ("normal", "reduce") for v in network.get_layer(name).trainable_weights]
    ours = {id(variable) for variable in cells}
    return [v for v in network.trainable_weights if id(v) not in ours], cells


def _adam(variables, rate):
    import keras

    optimizer = keras.optimizers.Adam(rate, beta_1=0.5, clipnorm=5.0)
    optimizer.build(variables)
    return optimizer


def _step(network, variables, optimizer):
    import tensorflow as tf

    @tf.function
    def step(features, real, balanced):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            value = cross_entropy(network(features, training=True)[:, 0], real, balanced)
        optimizer.apply(tape.gradient(value, variables), variables)
        return value

    return step


def _epoch(steps, features, real, sides, config, epoch):
    """Take the steps in turn over the clips of both halves and return the mean losses."""
    balanced, labels = balance(real), real.astype(np.float32)
    orders = [rng(config.seed, "order", epoch, k).permutation(s) for k, s in enumerate(sides)]
    names, losses = ("weights", "cells")[: len(steps)], []
    for begin in range(0, len(sides[0]) - config.batch + 1, config.batch):
        rows = [np.sort(order[begin : begin + config.batch]) for order in orders]
        picked = [(features[part], labels[part], balanced[part]) for part in rows]
        losses.append([float(step(*batch)) for step, batch in zip(steps, picked, strict=False)])
    means = np.mean(losses, axis=0)
    if not np.isfinite(means).all():
        raise DataError(f"the search diverged in epoch {epoch}; lower learning_rate")
    return dict(zip(names, means.tolist(), strict=True))


def derive_all(network):
    """Return the cells that a supernet stands for now."""
    cells = {}
    for name in ("normal", "reduce"):
        choices, edges = network.get_layer(name)(np.zeros(1, np.float32))
        cells[name] = derive(choices.numpy(), edges.numpy())
    return cells


def derive(choices, edges):
    """Return the strongest operations of a cell.

    Parameters
    ----------
    choices : ndarray [edges, 1 + operations]
        Weight of each choice on each edge; the first is to have none.
    edges : ndarray [edges]
        Weight of each edge among those into its node.

    Returns
    -------
    list of [str, int]
        For each node the two strongest edges, stronger first: operation and source.
    """
    strength = choices[:, 1:] * edges[:, None]
    names, picked, start = list(OPERATIONS), [], 0
    for node in range(NODES):
        rows = strength[start : start + 2 + node]
        for source in np.argsort(-rows.max(axis=1), kind="stable")[:2]:
            picked.append([names[int(rows[source].argmax())], int(source)])
        start += len(rows)
    return picked
