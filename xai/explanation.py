"""What an explainer hands back: evidence on a plane of seconds and Hz."""

import json
from dataclasses import asdict, dataclass, field

import numpy as np

from experiment import npz
from experiment.errors import DataError
from experiment.files import atomic, dumps, reason

ARRAYS = ("heat", "times", "frequencies")


@dataclass(frozen=True, eq=False)
class Explanation:
    """Where in one clip a detector found evidence for one class.

    Attributes
    ----------
    name : str
        Of the clip.
    method : str
        Key of the explainer.
    target : str
        Class that positive heat speaks for, ``"bonafide"`` or ``"spoof"``.
    heat : ndarray [frames, bands]
        Evidence for `target`, float32. Methods that share out the logit (SHAP, LIME, integrated
        gradients, occlusion) give logits per pixel, so that a sum over a region is its evidence;
        Grad-CAM, saliency and RISE have no unit.
    times : ndarray [frames]
        Centres of the frames, in seconds.
    frequencies : ndarray [bands]
        Centres of the bands, in Hz.
    detector : str
        Digest of the detector.
    seed : int
        Seed of the explainer.
    seconds : float
        Wall time that this explanation took.
    options : dict
        Options that differ from the explainer's defaults.
    """

    name: str
    method: str
    target: str
    heat: np.ndarray
    times: np.ndarray
    frequencies: np.ndarray
    detector: str
    seed: int
    seconds: float
    options: dict = field(default_factory=dict)

    def save(self, path) -> None:
        """Write to a npz file, atomically and without pickle."""
        arrays = {name: getattr(self, name) for name in ARRAYS}
        fields = {key: value for key, value in asdict(self).items() if key not in ARRAYS}
        with atomic(path) as temporary, open(temporary, "wb") as file:
            np.savez_compressed(file, fields=np.array(dumps(fields)), **arrays)

    @classmethod
    def load(cls, path):
        """Read what `save` wrote.

        Raises
        ------
        DataError
            If the file is missing or damaged.
        """
        archive = npz.read(path, "explain again")
        try:
            arrays = {name: archive[name] for name in ARRAYS}
            return cls(**json.loads(str(archive["fields"])), **arrays)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            told = reason(error)
            raise DataError(f"{path}: not an explanation ({told}); explain again") from None
