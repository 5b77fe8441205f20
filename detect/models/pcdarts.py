"""PC-DARTS: the network of cells that a differentiable architecture search found.

Sources: as in detect.models.blocks.cells. Two sets of cells lie beside this file: ``published``,
which W. Ge et al. found on ASVspoof 2019, and ``starter``, which ``fake-audio search`` found
at its defaults; that file says on what.
"""

from pathlib import Path

from detect.models.blocks.cells import NODES, OPERATIONS, encode
from detect.models.blocks.names import under
from detect.models.blocks.residual import head
from experiment.errors import DataError
from experiment.files import read_json

GENOTYPES = {
    name: Path(__file__).with_name(f"pcdarts_{name}.json") for name in ("published", "starter")
}


def build(shape, genotype="published", channels=16, cells=4, dropout=0.2):
    """Return stem, searched cells and the mean over the picture.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 16 by 16.
    genotype, channels, cells
        As for `trunk`.
    dropout : float
        Share of the pooled values left out in training.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras

    inputs = keras.Input(shape)
    x = trunk(inputs, genotype, channels, cells)
    return head(x, inputs, dropout, "pcdarts", "classifier")


def trunk(inputs, genotype, channels, cells):
    """Return the maps of the searched cells.

    Parameters
    ----------
    inputs : KerasTensor [batch, frames, bands, 1]
        Picture.
    genotype : str, Path or dict
        A key of `GENOTYPES`, a file that fake-audio search wrote, or ``{"normal": ...,
        "reduce": ...}``, each the eight pairs of an operation and the state that it is applied to.
    channels, cells : int
        Channels of the first cell, number of cells.

    Returns
    -------
    KerasTensor [batch, frames, bands, channels]

    Raises
    ------
    DataError
        If `genotype` is none.
    """
    if not isinstance(genotype, dict):
        genotype = read_json(GENOTYPES.get(genotype, genotype))
    validate(genotype)

    def cell(states, channels, halve, name):
        picked = genotype["reduce" if halve else "normal"]
        return _nodes(list(states), picked, halve, name)

    return encode(inputs, channels, cells, cell)


def _nodes(states, picked, halve, name):
    from keras import layers

    for node in range(NODES):
        pair = []
        for index in (2 * node, 2 * node + 1):
            operation, source = picked[index]
            stride = 2 if halve and source < 2 else 1
            own = under(name, f"_ops.{index}")
            pair.append(OPERATIONS[operation](states[source], stride, True, own))
        states.append(layers.Add()(pair))
    return states[2:]


def validate(genotype):
    """Raise a DataError unless `genotype` describes both kinds of cell."""
    for kind in ("normal", "reduce"):
        picked = genotype.get(kind, [])
        known = all(
            len(pair) == 2 and pair[0] in OPERATIONS and pair[1] in range(2 + index // 2)
            for index, pair in enumerate(picked)
        )
        if len(picked) != 2 * NODES or not known:
            raise DataError(
                f"a genotype's {kind!r} is {2 * NODES} pairs of an operation "
                f"({', '.join(OPERATIONS)}) and an earlier state. Received: {picked}"
            )
