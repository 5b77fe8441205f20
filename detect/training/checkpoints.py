"""The state of an interrupted training in one file: variables, and what else an epoch changes."""

import numpy as np

from experiment import npz
from experiment.errors import DataError
from experiment.files import atomic, reason


def keep(path, variables, **arrays):
    """Write a checkpoint, in one step: an interruption leaves the last one whole.

    Parameters
    ----------
    path : Path
        NPZ file.
    variables : sequence of keras.Variable
        Of network and optimiser.
    **arrays
        What else is needed to go on.
    """
    numbered = {f"now{k}": np.asarray(value) for k, value in enumerate(variables)}
    with atomic(path) as temporary, open(temporary, "wb") as file:
        np.savez(file, **numbered, **arrays)


def restore(path, variables):
    """Give variables the values of a checkpoint.

    Parameters
    ----------
    path : Path
        From `keep`.
    variables : sequence of keras.Variable
        In the order in which they were kept.

    Returns
    -------
    dict of str to ndarray
        The other arrays.

    Raises
    ------
    DataError
        If the file is damaged or of another network.
    """
    try:
        arrays = npz.read(path, "delete it")
        for k, variable in enumerate(variables):
            variable.assign(arrays.pop(f"now{k}"))
    except (TypeError, ValueError, KeyError) as error:
        raise DataError(
            f"{path}: not a checkpoint of this training ({reason(error)}); delete it"
        ) from None
    return arrays
