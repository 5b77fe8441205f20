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
class Hearing:
    """How training hears the clips: in pairs, presented anew in every epoch.

    Attributes
    ----------
    present : str
        Presentations listed above, separated by commas, of which one is drawn for each clip in
        every epoch, or ``all``; one that is named twice comes twice as often.
    lengths : (float, float), optional
        Shortest and longest stretch of a clip in seconds, drawn in every epoch.
    pairs : int
        Copies that stand beside each original in a batch; 0 for clips without order.
    contrast : float
        Weight of the contrastive feature loss.
    prior : float, optional
        Probability of a spoof where the detector will be used, for the threshold; the equal error
        rate by default.
    costs : (float, float)
        Of a bona fide clip that is called spoof, and of a spoof that is called bona fide.
    alarms : float, optional
        Share of the bona fide clips of dev that may be called spoof, for a threshold that looks at
        real speech alone; goes before `prior`.
    stop : str
        What chooses the epoch on dev: loss or auc.
    """

    present: str = ""
    lengths: tuple[float, float] | None = None
    pairs: int = 0
    contrast: float = 0.0
    prior: float | None = None
    costs: tuple[float, float] = (1.0, 1.0)
    alarms: float | None = None
    stop: str = "loss"

    def heard(self):
        """Return the arguments of detect.TrainConfig that these settings are."""
        from audio.presentation import ALL

        names = tuple(name for name in self.present.split(",") if name)
        return {
            "present": ALL if names == ("all",) else names,
            "lengths": self.lengths and tuple(self.lengths),
            "pairs": self.pairs,
            "contrast": self.contrast,
            "prior": self.prior,
            "costs": tuple(self.costs),
            "alarms": self.alarms,
            "stop": self.stop,
        }


@dataclass(frozen=True, kw_only=True)
class Copied:
    """Real speech alone: its fakes are copies by vocoders.

    Attributes
    ----------
    vocoders : str
        Copies of the training clips come from these vocoders (see fake-audio vocode), separated by
        commas; without any, the fakes are those of the data.
    held_out : str
        Copies of dev and test come from these.
    """

    vocoders: str = ""
    held_out: str = ""

    def copied(self, frame, folder):
        """Return the manifest with copies, kept in `folder`; as it is without vocoders."""
        from study.vocoded import Vocoders, vocoded

        by = [tuple(n for n in names.split(",") if n) for names in (self.vocoders, self.held_out)]
        return vocoded(frame, Vocoders(*by), folder) if any(by) else frame


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
