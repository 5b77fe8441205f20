"""What the image networks of keras.applications need to hear: one channel, one logit, flat."""

from pathlib import Path

from detect.models.residual import head
from experiment.errors import DataError, UsageError


def application(builder, shape, weights, dropout, name, **options):
    """Return a network of keras.applications as a detector.

    Parameters
    ----------
    builder : callable
        For example keras.applications.MobileNet.
    shape : tuple of int
        (frames, bands, channels); the network takes the picture as it is, with one channel.
    weights : str
        ``"none"``, ``"imagenet"`` (downloaded by Keras) or the path of a headless weights file for
        three channels. The first kernels are summed over the three colours, which is the same as
        showing the picture in grey.
    dropout : float
        Share of the pooled values left out in training.
    name : str
        Name of the model.
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
    """
    import keras

    inputs = keras.Input(shape)
    backbone = builder(include_top=False, weights=None, input_tensor=inputs, **options)
    if weights != "none":
        source = _pretrained(builder, shape, weights, options)
        _copy(source, backbone)
    return head(_quick(backbone).output, inputs, dropout, name)


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


def _pretrained(builder, shape, weights, options):
    if weights != "imagenet" and not Path(weights).is_file():
        raise UsageError(f'weights are "none", "imagenet" or a file. Received: {weights!r}')
    try:
        return builder(include_top=False, weights=weights, input_shape=(*shape[:2], 3), **options)
    except (OSError, ValueError) as error:
        raise DataError(f"weights {weights!r} cannot be had: {error}") from None


def _copy(source, target):
    for theirs, ours in zip(source.weights, target.weights, strict=True):
        value = theirs.numpy()
        if value.shape != ours.shape:
            value = value.sum(axis=2, keepdims=True)
        ours.assign(value)
