"""What networks for photographs need to hear: one channel, one logit, flat."""

import warnings
from pathlib import Path

from detect.models.blocks.published import fill
from detect.models.blocks.residual import head
from experiment.errors import DataError, UsageError
from experiment.tensors import read_tensors


def application(builder, shape, weights, dropout, name, *, pixels, plain=1.0, hidden=0, **options):
    """Return a network of keras.applications as a detector.

    Parameters
    ----------
    builder : callable
        For example keras.applications.MobileNet.
    shape : tuple of int
        (frames, bands, channels). Without pretrained weights the network takes the picture as it
        is, with its one channel. With them it sees a grey picture: the one channel three times, in
        the range of the pixels that it was trained on.
    weights : str
        ``"none"``, ``"imagenet"`` (downloaded by Keras) or the path of a headless weights file for
        three channels.
    dropout : float
        Share of what the last layer takes that is left out in training.
    name : str
        Name of the model.
    pixels : tuple of float
        Standard deviation and mean of the pixels that `builder` was trained on, after its
        preprocessing outside the network; features have about 1 and 0.
    plain : float
        What features are multiplied with when there are no weights, where a network divides them.
    hidden : int
        Units of a layer between the pooled values and the logit; none at 0.
    **options
        For `builder`.

    Returns
    -------
    keras.Model
        To one logit.

    Raises
    ------
    UsageError
        If `weights` is neither a name nor a file.
    DataError
        If they cannot be downloaded, or the file is not for this network.
    """
    import keras
    from keras import layers

    if weights not in ("none", "imagenet") and not Path(weights).is_file():
        raise UsageError(f'weights are "none", "imagenet" or a file. Received: {weights!r}')
    x = inputs = keras.Input(shape)
    pretrained = weights != "none"
    scale, offset = pixels if pretrained else (plain, 0.0)
    if (scale, offset) != (1.0, 0.0):
        x = layers.Rescaling(scale, offset, name="pixels")(x)
    if pretrained and shape[-1] == 1:
        x = layers.Concatenate(name="grey")([x, x, x])
    options = {**options, "include_top": False, "input_tensor": x}
    backbone = _load(builder, weights, options) if pretrained else builder(weights=None, **options)
    return head(_quick(backbone).output, inputs, dropout, name, hidden=hidden)


def _load(builder, weights, options):
    try:
        with warnings.catch_warnings():  # of each layer that a foreign file lacks
            warnings.simplefilter("ignore", UserWarning)
            return builder(weights=weights, **options)
    except Exception as error:  # Keras raises a bare Exception when a download fails
        why = str(error).strip().splitlines()[0]
        if weights == "imagenet":
            raise DataError(f"cannot download imagenet weights, give a file: {why}") from None
        raise DataError(f"{weights}: no headless weights of this network: {why}") from None


def _quick(backbone):
    """Let batch normalisation keep a moving average of .9 instead of .99.

    A training of a few hundred steps otherwise ends before the averages that are used in scoring
    have settled.
    """
    from keras import layers

    for layer in backbone.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = 0.9
    return backbone


def coloured(inputs, weights):
    """Return what a network begins with that may have learned from photographs.

    Parameters
    ----------
    inputs : KerasTensor [batch, frames, bands, channels]
        Features, which have about mean 0 and deviation 1 as pixels have after the preprocessing of
        these networks.
    weights : str
        ``"none"``, or the path of a PyTorch checkpoint or safetensors file of the network for three
        channels, whose last layer is left aside. With weights one channel is seen three times.

    Returns
    -------
    KerasTensor [batch, frames, bands, channels or 3]
    """
    from keras import layers

    if weights == "none" or inputs.shape[-1] != 1:
        return inputs
    return layers.Concatenate(name="grey")([inputs, inputs, inputs])


def pretrained(network, weights):
    """Return the network, all but its last layer filled with `weights`; see `coloured`.

    Raises
    ------
    DataError
        If the file cannot be read or is of another network.
    """
    if weights != "none":
        fill(network, read_tensors(weights), skip=(network.layers[-1].name,))
    return network
