"""The network of cells that a differentiable search found (detect.search.differentiable).

Sources: as in detect.models.cells. The cells shipped beside this file were found by
``python scripts/search.py`` at its defaults; the file says on what.
"""

from pathlib import Path

from detect.models.cells import NODES, OPERATIONS, encode
from detect.models.residual import head
from experiment.errors import DataError
from experiment.files import read_json

SHIPPED = Path(__file__).with_name("pcdarts.json")


def build(shape, genotype=None, channels=16, cells=4, dropout=0.2):
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
    return head(x, inputs, dropout, "pcdarts")


def trunk(inputs, genotype, channels, cells):
    """Return the maps of the searched cells.

    Parameters
    ----------
    inputs : KerasTensor [batch, frames, bands, 1]
        Picture.
    genotype : str, Path or dict, optional
        What scripts/search.py wrote, or ``{"normal": ..., "reduce": ...}``, each the eight pairs of
        an operation and the state that it is applied to; the shipped one by default.
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
        genotype = read_json(genotype or SHIPPED)
    validate(genotype)

    def cell(states, channels, halve):
        picked = genotype["reduce" if halve else "normal"]
        return _nodes(list(states), picked, halve)

    return encode(inputs, channels, cells, cell)


def _nodes(states, picked, halve):
    from keras import layers

    for first, second in zip(picked[::2], picked[1::2], strict=True):
        pair = [
            OPERATIONS[name](states[source], 2 if halve and source < 2 else 1, True)
            for name, source in (first, second)
        ]
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
