"""Training frame by frame, on manifests with the column ``segments``."""

import time
from dataclasses import asdict, replace

import numpy as np

from audio.segments import LABELS, frames, parse
from detect.evaluation.localisation import frame_threshold
from detect.models.config import TrainConfig
from detect.models.registry import MODELS
from detect.training.optimise import initialised
from detect.use import domain
from detect.use.calibration import calibrate
from detect.use.detector import Detector
from detect.use.features import of_manifest
from detect.use.localise import RECORD, frame_logits
from detect.use.locating import figures, segments_of, timelines
from encoders.frontend import to_dict
from experiment.errors import DataError
from experiment.files import digest
from experiment.progress import meter
from experiment.seeds import rng

FRONT_END = MODELS["framewise"].front_end


def targets(front_end, frame):
    """Return which frames are bona fide, and how much each counts.

    Parameters
    ----------
    front_end : Spectral
        Whose frames.
    frame : DataFrame
        A manifest.

    Returns
    -------
    real, weights : ndarray [clips, frames] of float32
        Frames beyond the end of a clip count nothing; both classes count the same.
    """
    count, step = front_end.shape[0], front_end.hop / front_end.rate
    real = np.ones((len(frame), count), np.float32)
    weights = np.zeros((len(frame), count), np.float32)
    for row, text in enumerate(segments_of(frame)):
        edges, spoof = parse(text)
        shifted = edges + step / 2  # frame k is centred on k * step
        real[row] = ~frames(shifted, spoof, count, step)
        weights[row, : min(count, int(edges[-1] / step) + 1)] = 1
    share = np.average(real, weights=weights)
    if not 0 < share < 1:
        raise DataError(f"all frames are {LABELS[int(share == 0)]}; both classes are needed")
    return real, weights * np.where(real > 0, 0.5 / share, 0.5 / (1 - share)).astype(np.float32)


def train_framewise(train, dev, config=None, seed=0, *, front_end=FRONT_END, folder=None):
    """Train a detector that judges every frame.

    Parameters
    ----------
    train, dev : DataFrame
        Manifests, partial fakes with their ``segments``.
    config : TrainConfig, optional
        Epochs, patience, batch, learning rate and options of the model.
    seed : int
        Of initial weights and the order of the clips.
    front_end : Spectral
        Whose hop is the resolution.
    folder : str or Path, optional
        Where to save it.

    Returns
    -------
    Detector
        ``training["frames"]`` has calibration and threshold of the frames, from dev, and what they
        reach there: point EER, range EER, F1 of overlaps.
    """
    config = config or TrainConfig(epochs=12, patience=4, batch=16)
    begun = time.monotonic()
    features = [of_manifest(front_end, part) for part in (train, dev)]
    wanted = [targets(front_end, part) for part in (train, dev)]
    with initialised(seed):
        network = MODELS["framewise"].build(front_end.shape, **config.options)
    curves = _fit(network, features, wanted, config, seed)
    logits = frame_logits(network, np.asarray(features[1]))
    real, counted = wanted[1][0] > 0, wanted[1][1] > 0
    line = calibrate(logits[real & counted], logits[~real & counted])
    record = {
        "seed": seed,
        "config": asdict(config),
        "front_end": to_dict(front_end),
        "data": digest(*(list(part["name"]) for part in (train, dev))),
        "curves": curves,
        "seconds": round(time.monotonic() - begun, 3),
        "parameters": network.count_params(),
        "attacks": sorted(set(train["attack"]) - {""}),
        "clips": {"train": len(train), "dev": len(dev)},
        RECORD: {**asdict(line), "threshold": 0.0},
    }
    known = domain.fit(*features)
    plain = Detector("framewise", front_end, network, training=record, domain=known)
    found = _judged(plain, dev)
    whole = plain.logits(np.asarray(features[1]))
    label = (dev["label"] == "bonafide").to_numpy()
    if label.any() and not label.all():
        found = replace(found, calibration=calibrate(whole[label], whole[~label]))
    if folder is not None:
        found.save(folder)
    return found


def _fit(network, features, wanted, config, seed):
    """Train, and leave the network with the weights of its best epoch; return the curves."""
    import keras
    import tensorflow as tf

    model = keras.Model(network.input, network.get_layer("frames").output)
    steps = max(len(features[0]) // config.batch, 1)
    schedule = keras.optimizers.schedules.CosineDecay(
        config.learning_rate, config.epochs * steps, alpha=0.05
    )
    optimizer = keras.optimizers.Adam(schedule)
    optimizer.build(model.trainable_variables)

    def loss_of(x, real, weights, training):
        outputs = tf.cast(model(x, training=training)[..., 0], tf.float32)
        each = tf.nn.sigmoid_cross_entropy_with_logits(real, outputs)
        return tf.reduce_sum(weights * each) / tf.maximum(tf.reduce_sum(weights), 1.0)

    @tf.function(reduce_retracing=True)
    def train_step(x, real, weights):
        with tf.GradientTape() as tape:
            value = loss_of(x, real, weights, True)
        optimizer.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)
        return value

    @tf.function(reduce_retracing=True)
    def dev_step(x, real, weights):
        return loss_of(x, real, weights, False)

    curves, best = [], network.get_weights()
    with meter(f"framewise, seed {seed}", config.epochs) as advance:
        for epoch in range(config.epochs):
            order = rng(seed, "order", epoch).permutation(len(features[0]))
            batches = np.array_split(order, steps)
            losses = [train_step(*_rows(features[0], wanted[0], np.sort(b))) for b in batches]
            whole = np.arange(len(features[1]))
            held = np.array_split(whole, -(-len(whole) // 32))
            dev_loss = float(np.mean([dev_step(*_rows(features[1], wanted[1], b)) for b in held]))
            curves.append({"epoch": epoch, "loss": float(np.mean(losses)), "dev_loss": dev_loss})
            if dev_loss <= min(row["dev_loss"] for row in curves):
                best = network.get_weights()
            advance(note=f"loss {curves[-1]['loss']:.3f}, dev {dev_loss:.3f}")
            if epoch - int(np.argmin([row["dev_loss"] for row in curves])) >= config.patience:
                break
    network.set_weights(best)
    return curves


def _rows(features, wanted, rows):
    return np.asarray(features[rows]), wanted[0][rows], wanted[1][rows]


def _judged(detector, dev):
    """Return the detector with the threshold of its frames, and its figures on dev."""
    found = timelines(detector, dev)
    threshold = frame_threshold(found)
    record = {
        **detector.training[RECORD],
        "threshold": threshold,
        "dev": figures(found, threshold),
    }
    return replace(detector, training={**detector.training, RECORD: record})
