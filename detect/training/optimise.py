"""Gradient training: Adam, balanced classes, early stopping on the development loss."""

import random
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from audio.augment import mask
from detect.training import sampling
from detect.training.checkpoints import keep, restore
from detect.training.config import MASKS
from detect.training.losses import LOSSES
from experiment.errors import DataError, choose
from experiment.progress import meter
from experiment.seeds import derive, rng


@contextmanager
def initialised(seed):
    """Let Keras draw initial weights and dropout seeds from `seed` within the block.

    Keras takes them from Python's own generator, whose state is put back at the end.
    """
    import keras  # noqa: F401  importing it draws from that generator too

    state = random.getstate()
    random.seed(derive(seed, "weights"))
    try:
        yield
    finally:
        random.setstate(state)


@contextmanager
def computing(precision):
    """Let Keras build layers that compute in a precision (a policy's name) within the block."""
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@dataclass(frozen=True)
class Set:
    """Features and labels of one split.

    Attributes
    ----------
    features : ndarray [n, ...] of float32
        Inputs of the network.
    real : ndarray [n] of bool
        Which clips are bona fide.
    copies : tuple of ndarray [n, ...] of float32
        Features of augmented copies of the clips.
    """

    features: np.ndarray
    real: np.ndarray
    copies: tuple = ()


def optimise(network, train, dev, config, seed, checkpoint=None, title="training"):
    """Train a network and leave it with the weights of its best epoch.

    Parameters
    ----------
    network : keras.Model
        To one logit.
    train, dev : Set
        Training and development clips.
    config : TrainConfig
        Epochs, patience, batch, learning rate and loss.
    seed : int
        Of the order of the clips.
    checkpoint : Path, optional
        File that keeps the state after each epoch; if there, training goes on from it and ends with
        the same numbers as without the interruption.
    title : str
        For the progress bar.

    Returns
    -------
    list of dict
        Learning curves: epoch, loss, dev_loss.

    Raises
    ------
    DataError
        If the loss is no longer finite.
    """
    import keras

    batch = min(config.batch, len(train.real))
    steps = config.epochs * (len(train.real) // batch)
    schedule = keras.optimizers.schedules.CosineDecay(config.learning_rate, steps, alpha=0.05)
    optimizer = keras.optimizers.Adam(schedule)
    if config.precision == "mixed_float16":
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(network.trainable_variables)
    loss = choose(config.loss, LOSSES, "loss")
    step, score = _step(network, optimizer, loss), _score(network, loss)
    state = _State(network, optimizer, checkpoint)
    with meter(title, config.epochs) as advance:
        advance(len(state.curves))
        while len(state.curves) < config.epochs and state.waited < config.patience:
            epoch = len(state.curves)
            row = {"epoch": epoch, "loss": _epoch(step, train, config, seed, epoch, batch)}
            row["dev_loss"] = _dev_loss(score, dev)
            _require_finite(row)
            state.update(row)
            advance(note=f"loss {row['loss']:.3f}, dev {row['dev_loss']:.3f}")
    network.set_weights(state.best)
    return state.curves


def _require_finite(row):
    if not np.isfinite(row["loss"] + row["dev_loss"]):
        raise DataError(
            f"training diverged in epoch {row['epoch']}: loss {row['loss']}, development loss "
            f"{row['dev_loss']}; lower learning_rate"
        )


def _step(network, optimizer, loss):
    import tensorflow as tf

    @tf.function
    def step(features, real, weights):
        with tf.GradientTape() as tape:
            value = loss(_output(network, features, True), real, weights)
            scaled = optimizer.scale_loss(value)
        gradients = tape.gradient(scaled, network.trainable_variables)
        optimizer.apply(gradients, network.trainable_variables)
        return value

    return step


def _score(network, loss):
    import tensorflow as tf

    @tf.function(reduce_retracing=True)
    def score(features, real, weights):
        return loss(_output(network, features, False), real, weights)

    return score


def _output(network, features, training):
    """Return the one output of a network in float32, in whatever precision it computes."""
    import tensorflow as tf

    return tf.cast(network(features, training=training)[:, 0], tf.float32)


def _epoch(step, train, config, seed, epoch, batch):
    how = config.balance
    weights, real = sampling.weights(train.real, how), train.real.astype(np.float32)
    order = sampling.order(train.real, how, seed, epoch)
    picked = np.sort(order[: len(order) // batch * batch].reshape(-1, batch))
    copies = len(getattr(train, "copies", ()))
    shown = sampling.versions(picked.ravel(), how, copies, seed, epoch).reshape(picked.shape)
    losses = []
    for number, (rows, versions) in enumerate(zip(picked, shown, strict=True)):
        features = _shown(train, rows, versions)
        if MASKS in config.augment:
            generator = rng(seed, "masks", epoch, number)
            features = _masked(features, generator, config.augment[MASKS])
        losses.append(step(features, real[rows], weights[rows]))
    return float(np.mean(losses))


def _shown(train, rows, versions):
    """Return the features of the rows, each of the copy that is to be shown."""
    features = train.features[rows]
    for version in np.unique(versions[versions > 0]):
        chosen = versions == version
        features[chosen] = train.copies[version - 1][rows[chosen]]
    return features


def _masked(features, generator, options):
    return np.stack([mask(row, generator, **options) for row in features])


def _dev_loss(score, dev, batch=64):
    weights, real = sampling.balance(dev.real), dev.real.astype(np.float32)
    total = 0.0
    for start in range(0, len(real), batch):
        part = slice(start, start + batch)
        total += float(score(dev.features[part], real[part], weights[part])) * len(real[part])
    return total / len(real)


class _State:
    """What an epoch changes, in memory and in a checkpoint."""

    def __init__(self, network, optimizer, path):
        self.variables = [*network.variables, *optimizer.variables]
        self.network, self.path = network, path
        self.curves, self.best = [], network.get_weights()
        if path is not None and path.exists():
            self._restore()

    @property
    def waited(self):
        """Epochs since the best one."""
        losses = [row["dev_loss"] for row in self.curves]
        return len(losses) - 1 - int(np.argmin(losses)) if losses else 0

    def update(self, row):
        """Take in the curve's new row and keep the weights if they are the best."""
        self.curves.append(row)
        if self.waited == 0:
            self.best = self.network.get_weights()
        if self.path is not None:
            self._keep()

    def _keep(self):
        curves = np.array([list(row.values()) for row in self.curves])
        best = {f"best{k}": value for k, value in enumerate(self.best)}
        keep(self.path, self.variables, curves=curves, **best)

    def _restore(self):
        kept = restore(self.path, self.variables)
        keys = "epoch", "loss", "dev_loss"
        self.curves = [dict(zip(keys, map(float, row), strict=True)) for row in kept["curves"]]
        self.best = [kept[f"best{k}"] for k in range(len(self.best))]
