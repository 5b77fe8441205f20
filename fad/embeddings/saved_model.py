"""Networks that come as a SavedModel from waveform to embeddings, by tensorflow-hub."""

import os
from pathlib import Path

import numpy as np

from experiment.errors import DataError
from experiment.files import cache_folder, digest, file_digest
from fad.embeddings.mel_windows import CONTEXT
from fad.embeddings.network import Network


def network(source, dimensions, output=None):
    """Return a SavedModel as a network.

    Parameters
    ----------
    source : str or Path
        A tensorflow-hub address or a SavedModel folder.
    dimensions : int
        Length that its embeddings must have.
    output : int, optional
        Which of several outputs holds the embeddings.

    Returns
    -------
    Network
        Named by the digest of all its files.

    Raises
    ------
    DataError
        If the model cannot be fetched or loaded, or returns something else.
    """
    folder = resolve(str(source))
    return Network(
        folder_digest(folder), dimensions, CONTEXT, lambda: opened(folder, dimensions, output)
    )


def opened(folder, dimensions, output):
    """Return the function from windows [n, 15600] to embeddings [n, d], tried on silence.

    Parameters
    ----------
    folder : Path
        The SavedModel.
    dimensions, output : int
        As for `network`.

    Returns
    -------
    callable
        See `fad.embeddings.network.Network`.

    Raises
    ------
    DataError
        If the model cannot be loaded or returns something else.
    """
    model = _load(folder)

    def forward(windows):
        return np.stack([_one(model, window, output) for window in windows])

    try:
        seen = forward(np.zeros((1, CONTEXT), np.float32)).shape
    except Exception as error:
        raise DataError(f"{folder}: takes no waveform of {CONTEXT} samples ({error})") from None
    if seen != (1, dimensions):
        raise DataError(f"{folder}: one window gives {seen}, expected (1, {dimensions})")
    return forward


def _one(model, window, output):
    result = model(window)
    return np.asarray(result if output is None else result[output])[0]


def resolve(source):
    """Return the folder of a SavedModel, downloaded when `source` is an address.

    Raises
    ------
    DataError
        If there is no such folder or the address cannot be reached.
    """
    if "://" not in source:
        if not Path(source, "saved_model.pb").is_file():
            raise DataError(f"{source}: no SavedModel there (a folder with saved_model.pb)")
        return Path(source)
    import tensorflow_hub

    os.environ.setdefault("TFHUB_CACHE_DIR", str(cache_folder("tensorflow-hub")))
    try:
        return Path(tensorflow_hub.resolve(source))
    except Exception as error:
        raise DataError(
            f"cannot fetch {source} ({error}): download the model on another machine and give "
            "its folder by --source, or choose --embedding yamnet, whose weights a package ships"
        ) from None


def _load(folder):
    import tensorflow_hub

    try:
        return tensorflow_hub.load(str(folder))
    except Exception as error:
        raise DataError(f"{folder}: damaged SavedModel ({error}); fetch it again") from None


def folder_digest(folder):
    """Return a digest of the graph and the variables of a SavedModel."""
    files = [Path(folder, "saved_model.pb"), *sorted(Path(folder, "variables").glob("*"))]
    return digest(*[file_digest(file) for file in files])
