"""Detectors by name: saved, shipped with the package, or on the Hugging Face hub."""

from pathlib import Path

from detect.use import hub
from detect.use.default import DEFAULT
from detect.use.detector import SETTINGS, Detector

SHIPPED = Path(__file__).parents[1] / "weights"


def load(name: str | Path) -> Detector:
    """Return a detector. Nothing in its files can run code.

    Parameters
    ----------
    name : str or Path
        The folder of a trained detector, the name of one that comes with the package, or
        ``hf://user/name`` for one that `detect.use.hub.push` put on the Hugging Face hub.

    Returns
    -------
    Detector

    Raises
    ------
    UsageError
        If a name on the hub has another form, or huggingface_hub is missing.
    DataError
        If there is none, or it is damaged.

    Examples
    --------
    >>> import detect
    >>> detect.load("starter").rate
    16000
    """
    if str(name).startswith(hub.PREFIX):
        return hub.pull(name)
    return Detector.load(SHIPPED / name if name in shipped() else name)


def shipped() -> list[str]:
    """Return the names of the detectors that come with the package, the default first."""
    names = sorted(path.parent.name for path in SHIPPED.glob(f"*/{SETTINGS}"))
    return sorted(names, key=lambda name: name != DEFAULT)
