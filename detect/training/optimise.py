"""Gradient training: Adam, balanced classes, early stopping on the development loss."""

import random
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from audio.augment import mask
from detect.evaluation.metrics import area_under_roc
from detect.models.config import MASKS
from detect.training import sampling
from detect.training.checkpoints import keep, restore
from detect.training.losses import LOSSES, contrastive
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

    def steps(self, config):
        """Return how many batches an epoch has."""
        return len(self.real) // min(config.batch, len(self.real))

    def batches(self, config, seed, epoch):
        """Yield features, real (0 or 1) and weights of the batches of an epoch, in order."""
        how, batch = config.balance, min(config.batch, len(self.real))
        weights, real = sampling.weights(self.real, how), self.real.astype(np.float32)
        order = sampling.order(self.real, how, seed, epoch)
        picked = np.sort(order[: len(order) // batch * batch].reshape(-1, batch))
        copies = len(self.copies)
        shown = sampling.versions(picked.ravel(), how, copies, seed, epoch).reshape(picked.shape)
        for rows, versions in zip(picked, shown, strict=True):
            yield self._shown(rows, versions), real[rows], weights[rows]

    def _shown(self, rows, versions):
        """Return the features of the rows, each of the copy that is to be shown."""
        features = self.features[rows]
        for version in np.unique(versions[versions > 0]):
            chosen = versions == version
            features[chosen] = self.copies[version - 1][rows[chosen]]
        return features


def optimise(network, train, dev, config, seed, checkpoint=None, title="training"):
    """Train a network and leave it with the weights of its best epoch.

    Parameters
    ----------
    network : keras.Model
        To one logit.
    train : Set or Fresh
        Training clips.
    dev : Set
        Development clips.
    config : TrainConfig
        Epochs, patience, batch, learning rate, losses, and when to stop.
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
        Learning curves: epoch, loss, dev_loss, dev_auc.

    Raises
    ------
    DataError
        If the loss is no longer finite.
    """
    import keras

    steps = config.epochs * train.steps(config)
    schedule = keras.optimizers.schedules.CosineDecay(config.learning_rate, steps, alpha=0.05)
    optimizer = keras.optimizers.Adam(schedule)
    if config.precision == "mixed_float16":
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(network.trainable_variables)
    loss = choose(config.loss, LOSSES, "loss")
    step, score = _step(network, optimizer, loss, config.contrast), _score(network, loss)
    state = _State(network, optimizer, checkpoint, config.stop)
    with meter(title, config.epochs) as advance:
        advance(len(state.curves))
        while len(state.curves) < config.epochs and state.waited < config.patience:
            epoch = len(state.curves)
            row = {"epoch": epoch, "loss": _epoch(step, train, config, seed, epoch)}
            row |= _dev(score, dev, config.odds)
            _require_finite(row)
            state.update(row)
            advance(note=", ".join(f"{key} {row[key]:.3f}" for key in list(row)[1:]))
    network.set_weights(state.best)
    return state.curves


def _require_finite(row):
    if not np.isfinite(row["loss"] + row["dev_loss"]):
        raise DataError(
            f"training diverged in epoch {row['epoch']}: loss {row['loss']}, development loss "
            f"{row['dev_loss']}; lower learning_rate"
        )


def _step(network, optimizer, loss, contrast):
    import keras
    import tensorflow as tf

    both = keras.Model(network.input, [network.layers[-1].input, network.output])

    @tf.function(reduce_retracing=True)
    def step(features, real, weights):
        with tf.GradientTape() as tape:
            embeddings, outputs = both(features, training=True)
            value = loss(tf.cast(outputs[:, 0], tf.float32), real, weights)
            if contrast:
                value += contrast * contrastive(embeddings, real)
            scaled = optimizer.scale_loss(value)
        gradients = tape.gradient(scaled, network.trainable_variables)
        optimizer.apply(gradients, network.trainable_variables)
        return value

    return step


def _score(network, loss):
    import tensorflow as tf

    @tf.function(reduce_retracing=True)
    def score(features, real, weights):
        outputs = tf.cast(network(features, training=False)[:, 0], tf.float32)
        return loss(outputs, real, weights), outputs

    return score


def _epoch(step, train, config, seed, epoch):
    losses = []
    for number, (features, real, weights) in enumerate(train.batches(config, seed, epoch)):
        if MASKS in config.augment:
            generator = rng(seed, "masks", epoch, number)
            features = _masked(features, generator, config.augment[MASKS])
        losses.append(step(features, real, weights))
    return float(np.mean(losses))


def _masked(features, generator, options):
    return np.stack([mask(row, generator, **options) for row in features])


def _dev(score, dev, odds, batch=64):
    """Return the loss, weighted by class, and the area under the ROC on the development set."""
    weights = sampling.balance(dev.real) * np.where(dev.real, 2 * odds, 2 - 2 * odds)
    weights, real = weights.astype(np.float32), dev.real.astype(np.float32)
    total, outputs = 0.0, []
    for start in range(0, len(real), batch):
        part = slice(start, start + batch)
        loss, logits = score(dev.features[part], real[part], weights[part])
        total += float(loss) * len(real[part])
        outputs.append(logits.numpy())
    outputs = np.concatenate(outputs)
    finite = np.isfinite(outputs).all()
    area = float(area_under_roc(outputs[dev.real], outputs[~dev.real])) if finite else np.nan
    return {"dev_loss": total / len(real), "dev_auc": area}


class _State:
    """What an epoch changes, in memory and in a checkpoint."""

    def __init__(self, network, optimizer, path, stop):
        self.variables = [*network.variables, *optimizer.variables]
        self.network, self.path, self.stop = network, path, stop
        self.curves, self.best = [], network.get_weights()
        if path is not None and path.exists():
            self._restore()

    @property
    def waited(self):
        """Epochs since the best one."""
        sign = {"loss": 1, "auc": -1}[self.stop]
        worse = [sign * row[f"dev_{self.stop}"] for row in self.curves]
        return len(worse) - 1 - int(np.argmin(worse)) if worse else 0

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
        keys = "epoch", "loss", "dev_loss", "dev_auc"
        self.curves = [dict(zip(keys, map(float, row), strict=True)) for row in kept["curves"]]
        self.best = [kept[f"best{k}"] for k in range(len(self.best))]
