"""The Detector: front end, network, calibration and threshold, saved and loaded as one folder."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from audio.frontends import FrontEnd
from detect.use import checks
from detect.use.calibration import Calibration
from detect.use.domain import Domain
from encoders.frontend import from_dict, keep, to_dict
from experiment.errors import DataError, UsageError
from experiment.files import atomic, digest, file_digest, read_json, reason, write_json

BATCH = 64
NETWORK, SETTINGS = "network.keras", "detector.json"


@dataclass(frozen=True, eq=False)
class Detector:
    """Tells bona fide from fake sound.

    Attributes
    ----------
    model : str
        Its key in detect.MODELS.
    front_end : FrontEnd
        From samples to the network's input.
    network : keras.Model
        Flat and functional, from features to one logit.
    calibration : Calibration
        From logit to log-likelihood ratio, fitted on the development set.
    threshold : float
        Clips that score less are called fake; chosen on the development set.
    training : dict
        How it came about: seed, configuration, data, learning curves.
    domain : Domain, optional
        What it was trained on, by which recordings outside of it are recognised.
    """

    model: str
    front_end: FrontEnd
    network: Any
    calibration: Calibration = Calibration()
    threshold: float = 0.0
    training: dict = field(default_factory=dict)
    domain: Domain | None = None

    @property
    def rate(self):
        """Sampling rate in Hz of the clips that it takes."""
        return self.front_end.rate

    @property
    def calibrated(self):
        """Whether its scores are likelihood ratios; imported weights wait for calibration."""
        return self.training.get("calibrated", True)

    @property
    def prior(self):
        """Probability of a spoof that its verdicts reckon with; None where none was given."""
        return self.training.get("prior")

    @cached_property
    def digest(self):
        """16 hexadecimal digits that name weights, front end, calibration and threshold."""
        weights = [np.asarray(weight) for weight in self.network.weights]
        settings = asdict(self.calibration), self.threshold, to_dict(self.front_end), self.model
        return digest(*weights, *settings)

    @cached_property
    def _forward(self):
        import tensorflow as tf

        signature = tf.TensorSpec((None, *self.front_end.shape), tf.float32)
        return tf.function(
            lambda features: self.network(features, training=False)[:, 0],
            input_signature=[signature],
        )

    def features(self, clips) -> np.ndarray:
        """Return the network's input for clips.

        Parameters
        ----------
        clips : sequence of Clip
            At the detector's rate.

        Returns
        -------
        ndarray [clips, *front_end.shape] of float32

        Raises
        ------
        DataError
            If a clip has another rate.
        """
        for clip in clips:
            if clip.rate != self.rate:
                raise DataError(
                    f"clip {clip.name} is at {clip.rate} Hz, the detector at {self.rate} Hz; "
                    f"read it with read_clip(path, rate={self.rate})"
                )
        return self.front_end.batch([clip.samples for clip in clips])

    def logits(self, features: np.ndarray) -> np.ndarray:
        """Return the network's output.

        Parameters
        ----------
        features : ndarray [clips, *front_end.shape]
            From `features`.

        Returns
        -------
        ndarray [clips] of float32

        Raises
        ------
        DataError
            If the features have another shape.
        """
        if features.shape[1:] != self.front_end.shape:
            raise DataError(
                f"features of shape {features.shape[1:]} do not fit the detector's front end, "
                f"which gives {self.front_end.shape}"
            )
        starts = range(0, len(features), BATCH)
        parts = [self._forward(features[start : start + BATCH]).numpy() for start in starts]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def score(self, clips) -> np.ndarray:
        """Return log-likelihood ratios (natural logarithm) of bona fide against spoof.

        Parameters
        ----------
        clips : sequence of Clip
            At the detector's rate.

        Returns
        -------
        ndarray [clips] of float64
        """
        return self.calibration(self.logits(self.features(clips)))

    def score_signals(self, signals: Sequence[np.ndarray]) -> np.ndarray:
        """Return the log-likelihood ratios of windows that are samples already.

        Parameters
        ----------
        signals : sequence of ndarray [n] of float32
            Finite, at the detector's rate.

        Returns
        -------
        ndarray [signals] of float64
        """
        return self.calibration(self.logits(self.front_end.batch(signals)))

    def save(self, folder: str | Path) -> None:
        """Write the detector as a folder: network, settings and, where it is known, the domain.

        Parameters
        ----------
        folder : str or Path
            Made when missing.
        """
        folder = Path(folder)
        with atomic(folder / NETWORK) as temporary:
            self.network.save(temporary)
        settings = {
            "model": self.model,
            "front_end": to_dict(self.front_end),
            "calibration": asdict(self.calibration),
            "threshold": self.threshold,
            "digest": self.digest,
            "network": file_digest(folder / NETWORK),
            "training": self.training,
        }
        write_json(folder / SETTINGS, settings)
        keep(self.front_end, folder)
        if self.domain is not None:
            self.domain.save(folder)

    @classmethod
    def load(cls, folder: str | Path) -> "Detector":
        """Read a detector that `save` wrote. Nothing in the folder can run code.

        Parameters
        ----------
        folder : str or Path
            As `save` wrote it; `detect.load` also takes names.

        Returns
        -------
        Detector

        Raises
        ------
        DataError
            If there is none, or it is damaged.
        """
        folder = Path(folder)
        return assemble(
            folder, lambda settings: checks.open_network(folder / NETWORK, settings.get("network"))
        )


def assemble(folder: Path, network: Callable) -> Detector:
    """Return the detector of a folder.

    Parameters
    ----------
    folder : Path
        With detector.json and perhaps a domain.
    network : callable
        From the settings to the network.

    Returns
    -------
    Detector

    Raises
    ------
    DataError
        If the settings are missing or damaged, or the network has another input.
    """
    path = folder / SETTINGS
    settings = checks.settings_of(path, read_json(path))
    try:
        front_end = from_dict(settings["front_end"], folder)
        checks.require_front_end(path, front_end)
        detector = Detector(
            settings["model"],
            front_end,
            network(settings),
            Calibration(**settings["calibration"]),
            settings["threshold"],
            settings.get("training", {}),
            Domain.load(folder),
        )
    except (KeyError, TypeError, UsageError, OverflowError) as error:
        raise DataError(f"{path}: damaged ({reason(error)}); train it again") from None
    checks.require_whole(folder, settings, detector)
    return detector
