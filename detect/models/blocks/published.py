"""Weights of published networks into ours, found by the names of the layers.

Our layers have the names of the modules of the published code. What differs is the order of axes,
the order of the gates of a recurrent layer, and that ours has one logit where theirs has two.
"""

import numpy as np

from experiment.errors import DataError

COUNTERS = ".num_batches_tracked"  # of normalised batches; used in training alone
FIXED = ("sinc",)  # layers whose weights are a formula


def fill(network, tensors, transposed=False, skip=()):
    """Give a network the tensors of a published one.

    Parameters
    ----------
    network : keras.Model
        Layers have the names of the published modules.
    tensors : dict of str to ndarray
        The published state, by PyTorch's names and in its order of axes.
    transposed : bool
        Whether the published network sees [bands, frames] where ours sees [frames, bands].
    skip : sequence of str
        Layers that keep their weights; tensors under their names are left aside.

    Raises
    ------
    DataError
        If a layer finds no tensor or one of another shape, or if a tensor is left over.
    """
    source = _Source(tensors)
    for layer in network.layers:
        if layer.weights and layer.name not in (*FIXED, *skip):
            _set(layer, _values(layer, source, transposed))
    passed = tuple(f"{name}." for name in skip)
    left = [
        name
        for name in tensors
        if name not in source.used and not name.endswith(COUNTERS) and not name.startswith(passed)
    ]
    if left:
        raise DataError(
            f"{len(left)} tensors have no place in {network.name}, the first is {left[0]!r}; "
            "choose the model and the options that they were trained with"
        )


class _Source:
    """Tensors by name; remembers which were used."""

    def __init__(self, tensors):
        self.tensors, self.used = tensors, set()

    def __call__(self, name):
        if name not in self.tensors:
            raise DataError(
                f"the file has no tensor {name!r}; choose the model and the options that it was "
                "trained with"
            )
        self.used.add(name)
        return np.asarray(self.tensors[name], np.float32)


def _set(layer, values):
    for value, variable in zip(values, layer.weights, strict=True):
        if value.shape != tuple(variable.shape):
            raise DataError(
                f"{layer.name}: the file has shape {value.shape}, the network "
                f"{tuple(variable.shape)} (in our order of axes); choose the options that it was "
                "trained with"
            )
    layer.set_weights(values)


def _values(layer, source, transposed):
    """Return the weights of a layer in the order that Keras keeps them."""
    from keras import layers

    if isinstance(layer, layers.BatchNormalization):
        parts = ["weight"] * layer.scale + ["bias"] * layer.center
        return [source(f"{layer.name}.{part}") for part in (*parts, "running_mean", "running_var")]
    if isinstance(layer, layers.GRU):
        return _gru(layer, source)
    if isinstance(layer, layers.Bidirectional):
        return [*_lstm(layer.name, source), *_lstm(layer.name, source, "_reverse")]
    if layer.name in source.tensors:  # a bare parameter
        return [source(layer.name)]
    axes = {
        layers.Conv2D: (3, 2, 1, 0) if transposed else (2, 3, 1, 0),
        layers.DepthwiseConv2D: (3, 2, 0, 1) if transposed else (2, 3, 0, 1),
        layers.Conv1D: (2, 1, 0),
        layers.Dense: (1, 0),
    }
    kernel = source(f"{layer.name}.weight")
    if isinstance(layer, layers.Dense):
        kernel = kernel.reshape(kernel.shape[:2])  # of a 1x1 convolution too
    order = next((order for kind, order in axes.items() if isinstance(layer, kind)), None)
    if order is None or len(order) != kernel.ndim:
        kind = type(layer).__name__
        raise DataError(f"{layer.name}: a tensor of shape {kernel.shape} is of no {kind}")
    bias = [source(f"{layer.name}.bias")] if layer.use_bias else []
    return [kernel.transpose(order), *bias]


def _gru(layer, source):
    """Return the weights of a recurrent layer, whose gates PyTorch orders reset, update, new."""
    stem, _, index = layer.name.rpartition("_l")
    parts = [f"{kind}_{side}" for kind in ("weight", "bias") for side in ("ih", "hh")]
    found = [source(f"{stem}.{part}_l{index}") for part in parts]
    reordered = []
    for value in found:
        reset, update, new = np.split(value, 3)
        reordered.append(np.concatenate([update, reset, new]))
    kernel, recurrent, *biases = reordered
    return [kernel.T, recurrent.T, np.stack(biases)]


def _lstm(name, source, way=""):
    """Return the weights of one direction, whose two biases Keras keeps as one."""
    weight, recurrent, *biases = (
        source(f"{name}.{part}_l0{way}")
        for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    return [weight.T, recurrent.T, sum(biases)]


def one_logit(tensors, name, bonafide=1, score="difference"):
    """Return tensors whose last layer gives one logit instead of one for each class.

    Parameters
    ----------
    tensors : dict of str to ndarray
        With ``name.weight`` [classes, d] and ``name.bias`` [classes].
    name : str
        The last layer.
    bonafide : int
        The class of bona fide speech.
    score : {"difference", "bonafide"}
        The logit of bona fide less that of spoof, which is the log odds that the network was
        trained to give; or the logit of bona fide alone, by which some papers score.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    DataError
        If there is no such layer or it has another number of classes than one or two.
    """
    tensors = dict(tensors)
    for key in (f"{name}.weight", f"{name}.bias"):
        if key not in tensors:
            raise DataError(f"the file has no tensor {key!r}; choose the model of this file")
        rows = np.asarray(tensors[key], np.float32)
        if len(rows) == 2:
            other = rows[1 - bonafide] if score == "difference" else 0
            tensors[key] = (rows[bonafide] - other)[None]
        elif len(rows) != 1:
            raise DataError(
                f"{name} has {len(rows)} classes, a detector two; pretrained networks for "
                "photographs are given to training instead (option weights)"
            )
    return tensors
