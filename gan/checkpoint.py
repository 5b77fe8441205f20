"""Numbers on disk: arrays and a JSON note in one npz file that cannot hold code."""

import json

import numpy as np

from experiment import npz
from experiment.errors import DataError
from experiment.files import atomic, dumps, reason

REMEDY = "restore it or train again"


def save(path, arrays, note):
    """Write arrays and a note, atomically.

    Parameters
    ----------
    path : str or Path
        Ends in ``.npz``.
    arrays : list of ndarray
        In an order that the reader knows.
    note : dict
        What JSON holds.
    """
    named = {f"a{index}": np.asarray(array) for index, array in enumerate(arrays)}
    with atomic(path) as temporary:
        np.savez(temporary, note=np.array(dumps(note)), **named)


def load(path):
    """Read what `save` wrote.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    arrays : list of ndarray
        In the order of `save`.
    note : dict
        As it was given.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    kept = npz.read(path, REMEDY)
    try:
        note = json.loads(str(kept.pop("note")))
        return [kept[f"a{index}"] for index in range(len(kept))], note
    except (KeyError, ValueError, RecursionError) as error:
        raise DataError(f"{path}: damaged ({reason(error)}); {REMEDY}") from None


def assign(variables, arrays, path):
    """Give variables the values of arrays of the same shapes.

    Parameters
    ----------
    variables : list of keras.Variable
        Changed in place.
    arrays : list of ndarray
        In the same order.
    path : str or Path
        Where they come from, for the message.

    Raises
    ------
    DataError
        If number or shapes differ.
    """
    expected = [tuple(variable.shape) for variable in variables]
    found = [array.shape for array in arrays]
    if expected != found:
        raise DataError(
            f"{path}: holds {len(found)} arrays that do not fit the {len(expected)} of this model; "
            "it was trained with another configuration"
        )
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
