"""Settings of audio and detectors that several commands share; see also `experiment.options`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Data:
    """The clips.

    Attributes
    ----------
    data : str
        A manifest, a folder with real/ and fake/, or the folder of a data set (the starter corpus:
        its size).
    dataset : str, optional
        Which published data set `data` is.
    """

    data: str
    dataset: str | None = None

    def frame(self):
        """Return the manifest of the clips."""
        from audio.datasets import read

        return read(self.data, self.dataset)


@dataclass(frozen=True, kw_only=True)
class Trainings:
    """The trainings.

    Attributes
    ----------
    model : str
        A key of detect.MODELS.
    epochs : int, optional
        Passes over the training clips at most; the model's own by default.
    seeds : int
        Trainings of each row, with the seeds 0, 1, ...
    most : int
        Clips at most of each split, class and attack.
    out : str, optional
        Folder that keeps the detectors; an interrupted command goes on there.
    metric : str
        A metric of ``fake-audio evaluate``.
    """

    model: str = "cnn"
    epochs: int | None = None
    seeds: int = 1
    most: int = 5000
    out: str | None = None
    metric: str = "eer"

    @property
    def folder(self):
        """Folder that keeps the detectors, Path or None."""
        return Path(self.out) if self.out else None

    def config(self):
        """Return the training configuration: the model's own, with the epochs that are set."""
        from study.output import configured

        return configured(self.model, self.epochs)


def summary(entry):
    """Return the first line of what a registered function or class says of itself."""
    return (entry.__doc__ or "").strip().splitlines()[0].removeprefix("Return ")
