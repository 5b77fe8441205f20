"""Fine-tuning: the last blocks of an encoder as part of the detector's network.

The blocks before them stay frozen and their hidden state is computed once, as features. Of the
others either all weights are trained, or with LoRA a change of low rank of their attention's
projections, which starts at zero (E. Hu et al., *LoRA: Low-rank adaptation of large language
models*, ICLR 2022, section 4.1).
"""

import re

ADAPTED = re.compile(r"block_\d+_(joint|out)")  # queries, keys, values; the projection after them


def built(build, front_end, options):
    """Return a head, behind the blocks of an encoder that training changes.

    Parameters
    ----------
    build : callable
        Of a model, as in detect.MODELS.
    front_end : FrontEnd
        What the network sees.
    options : dict
        Arguments of `build`.

    Returns
    -------
    keras.Model
        Flat and functional, from the front end's features to one logit.
    """
    if not getattr(front_end, "tuned", 0):
        return build(front_end.shape, **options)
    import keras

    blocks = front_end.opened.network(
        front_end.samples, front_end.block, front_end.first, front_end.every
    )
    head = build(tuple(blocks.output.shape[1:]), **options)
    logit = head._run_through_graph(blocks.output, operation_fn=_anew)
    network = keras.Model(blocks.input, logit, name=head.name)
    if front_end.lora:
        adapt(blocks, front_end.lora)
    return network


def _anew(layer):
    """Return a layer of the same kind, whose only input will be that of the network made here."""
    import keras

    if not isinstance(layer, keras.Layer):
        return layer
    return type(layer).from_config(layer.get_config())


def adapt(blocks, rank):
    """Freeze blocks but for a change of low rank of each projection of their attention.

    Parameters
    ----------
    blocks : keras.Model
        Of an encoder.
    rank : int
        Of the change.
    """
    for layer in blocks.layers:
        if ADAPTED.fullmatch(layer.name):
            layer.enable_lora(rank)
            layer.bias.trainable = False
        else:
            layer.trainable = False


def folded(trained, network):
    """Give a network the weights of one of the same layers, changes of low rank added to them.

    Parameters
    ----------
    trained : keras.Model
        Perhaps with LoRA.
    network : keras.Model
        Without.

    Returns
    -------
    keras.Model
        The second one.
    """
    for own, theirs in zip(network.layers, trained.layers, strict=True):
        adapted = getattr(theirs, "lora_enabled", False)
        own.set_weights([theirs.kernel, theirs.bias] if adapted else theirs.get_weights())
    return network
