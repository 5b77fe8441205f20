"""Detectors on the Hugging Face hub: the network by Keras' own hf://, the rest beside it.

A repository holds what Keras writes (config.json, weights, a model card) and detector.json with
front end, calibration and threshold, and domain.npz where the detector has one. The repository's
network opens in plain Keras too. Writing needs ``hf auth login``; names are ``hf://user/name``.
"""

import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from detect.use.detector import NETWORK, SETTINGS, assemble
from detect.use.domain import FILE
from encoders.frontend import KEPT
from experiment.errors import DataError, UsageError

PREFIX = "hf://"
PARTS = [SETTINGS, FILE, f"{KEPT}/*"]
TRANSPORT = ("huggingface_hub", "httpx", "httpx2", "requests")


def push(detector, name):
    """Upload a detector.

    Parameters
    ----------
    detector : Detector
        What to upload.
    name : str
        ``hf://user/name``; the repository is made when missing.

    Raises
    ------
    UsageError
        If the name has another form, or huggingface_hub is missing.
    DataError
        If the hub cannot be reached or refuses.
    """
    repository = _repository(name)
    import huggingface_hub
    import keras

    with tempfile.TemporaryDirectory() as folder, _told(name):
        detector.save(folder)
        Path(folder, NETWORK).unlink()
        keras.saving.save_model(detector.network, name)
        huggingface_hub.HfApi().upload_folder(
            repo_id=repository, folder_path=folder, commit_message="Front end and calibration"
        )


def pull(name):
    """Download a detector.

    Parameters
    ----------
    name : str
        ``hf://user/name``.

    Returns
    -------
    Detector

    Raises
    ------
    UsageError
        If the name has another form, or huggingface_hub is missing.
    DataError
        If the hub cannot be reached, has no such detector, or its parts do not belong together.
    """
    repository = _repository(name)
    import huggingface_hub
    import keras

    with _told(name):
        network = keras.saving.load_model(name, compile=False, safe_mode=True)
        files = huggingface_hub.snapshot_download(repository, allow_patterns=PARTS)
    return assemble(Path(files), lambda settings: network)


def _repository(name):
    found = str(name).removeprefix(PREFIX)
    if not str(name).startswith(PREFIX) or found.count("/") != 1 or not all(found.split("/")):
        raise UsageError(f"a name on the hub is hf://user/name. Received: {name}")
    if find_spec("huggingface_hub") is None:
        raise UsageError("the hub needs huggingface_hub: pip install '.[export]'")
    return found


@contextmanager
def _told(name):
    """Turn what the hub and its transport raise into one sentence."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, OSError) and type(error).__module__.split(".")[0] not in TRANSPORT:
            raise
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise DataError(f"{name}: the hub did not serve it ({reason})") from None
