"""What a detector's folder must keep to before its scores mean anything."""

import math

import numpy as np

from experiment import npz
from experiment.errors import DataError
from experiment.files import digest, file_digest, reason

REMEDY = "copy or train the detector again"
LINE = ("scale", "offset")
MOST = {"rate": 768000, "bands": 4096, "coefficients": 4096}  # of a front end's settings
LARGE = 65536  # of its other ones
LARGEST = 50_000_000  # numbers that a front end may make of one clip


def settings_of(path, settings):
    """Return detector.json if it has all that a detector needs, of the right kinds.

    Parameters
    ----------
    path : Path
        Of the file, for the message.
    settings : object
        As JSON gives it.

    Returns
    -------
    dict

    Raises
    ------
    DataError
        Naming what is missing, or not finite, or a scale that does not rise.
    """
    if not isinstance(settings, dict):
        raise DataError(f"{path}: damaged (not an object); {REMEDY}")
    for name, kind in (("model", str), ("front_end", dict), ("calibration", dict)):
        if not isinstance(settings.get(name), kind):
            raise DataError(f"{path}: damaged (no {name}); {REMEDY}")
    line = settings["calibration"]
    numbers = {"threshold": settings.get("threshold"), **{k: line.get(k) for k in LINE}}
    for name, value in numbers.items():
        good = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not good or not math.isfinite(value):
            raise DataError(f"{path}: {name} is {value!r}, not a finite number; {REMEDY}")
    if not line["scale"] > 0:
        raise DataError(f"{path}: scale is {line['scale']}; it must be positive; {REMEDY}")
    if not isinstance(settings.get("training", {}), dict):
        raise DataError(f"{path}: damaged (training is no object); {REMEDY}")
    for name, value in settings["front_end"].items():
        if isinstance(value, (int, float)) and not abs(value) <= MOST.get(name, LARGE):
            raise DataError(f"{path}: {name} of the front end is {value}; {REMEDY}")
    return settings


def open_network(path, expected):
    """Return the network of a file, which must be the one that detector.json names.

    Parameters
    ----------
    path : Path
        A .keras file.
    expected : str
        Its SHA-256.

    Returns
    -------
    keras.Model
        Nothing in it ran code.

    Raises
    ------
    DataError
        If it is missing, another file, too large when unpacked, or damaged.
    """
    if not path.is_file() or file_digest(path) != expected:
        raise DataError(f"{path}: damaged or missing; {REMEDY}")
    return read_network(path)


def read_network(path):
    """Return the network of a Keras file from anywhere; as `open_network`."""
    import keras

    if path.suffix.lower() == ".keras":
        npz.require_small(path, REMEDY)
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises whatever a layer's own code does
        raise DataError(f"{path}: damaged ({reason(error)}); {REMEDY}") from None


def require_front_end(path, front_end):
    """Refuse a front end whose output would not fit in memory."""
    try:
        size = math.prod(front_end.shape)
    except (TypeError, ValueError, OverflowError, ArithmeticError, MemoryError) as error:
        raise DataError(f"{path}: the front end is damaged ({reason(error)}); {REMEDY}") from None
    if not 0 < size <= LARGEST:
        raise DataError(f"{path}: the front end makes {size:.3g} numbers of a clip; {REMEDY}")


def require_whole(folder, settings, detector):
    """Refuse a detector whose parts do not fit each other or are not what was saved.

    Parameters
    ----------
    folder : Path
        For the message.
    settings : dict
        Of detector.json.
    detector : Detector
        Made of them.

    Raises
    ------
    DataError
        If the network has another input or more than one output, holds numbers that are not
        finite, or has another digest than the one that was saved.
    """
    takes, gives = (getattr(detector.network, f"{end}_shape", None) for end in ("input", "output"))
    wanted = (None, *detector.front_end.shape)
    if not isinstance(takes, tuple) or tuple(takes) != wanted or gives != (None, 1):
        raise DataError(
            f"{folder}: damaged; the network takes {takes} and gives {gives}, "
            f"the front end gives {wanted}"
        )
    weights = [np.asarray(weight) for weight in detector.network.weights]
    npz.require_finite(folder, weights, REMEDY)
    line = {name: settings["calibration"][name] for name in LINE}
    parts = line, settings["threshold"], settings["front_end"], settings["model"]
    if settings.get("digest") not in (digest(*weights, *parts), detector.digest):
        raise DataError(f"{folder}: weights and detector.json do not belong together; {REMEDY}")
