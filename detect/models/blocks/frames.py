"""What heads begin with: frames of bands or of hidden states, whatever the front end gives."""


def blocks(inputs):
    """Return features as [blocks, frames, width].

    Parameters
    ----------
    inputs : KerasTensor [frames, bands, 1], [frames, width] or [blocks, frames, width]
        A picture, one hidden state, or the hidden states of several blocks.

    Returns
    -------
    KerasTensor [blocks, frames, width]
    """
    from keras import layers

    shape = tuple(inputs.shape[1:])
    if shape[-1] > 1 and len(shape) == 3:
        return inputs
    return layers.Reshape((1, *shape[:2]))(inputs)


def frames(inputs, name="block_weights"):
    """Return features as [frames, width], of several blocks the sum with learned weights.

    Parameters
    ----------
    inputs : KerasTensor [frames, bands, 1], [frames, width] or [blocks, frames, width]
        See `blocks`.
    name : str
        Of the layer with the weights.

    Returns
    -------
    KerasTensor [frames, width]
    """
    from keras import layers

    from detect.layers import WeightedSum

    shape = tuple(inputs.shape[1:])
    if len(shape) == 2:
        return inputs
    if shape[-1] == 1:
        return layers.Reshape(shape[:2])(inputs)
    return WeightedSum(1, name=name)(inputs)
