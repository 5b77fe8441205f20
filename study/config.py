"""What one experiment is: everything that its numbers depend on."""

from dataclasses import dataclass

from detect.models.registry import MODELS
from experiment.errors import UsageError, choose
from study.generators import default, known, ready, second_for, taken_as


@dataclass(frozen=True)
class StudyConfig:
    """Settings of the whole experiment.

    Attributes
    ----------
    out : str
        Run folder; report.html lies there at the end.
    corpus : str
        Size of the starter corpus: tiny, quick or full.
    data : str, optional
        Your own data instead: a manifest, a folder with real/ and fake/, or the folder of a
        published data set. Of real speech alone the fakes are made too, as copies.
    dataset : str, optional
        Which published data set `data` is, for example asvspoof2019_la; its splits are kept.
    generator : str, optional
        What makes the fakes. vocos, hifigan, istftnet, codec, world, griffinlim and lpc copy the
        real speech of this experiment; wavegan, specgan and logmelgan make clips up. A name
        with -starter comes with the toolkit; a vocoder that comes with it is taken from there,
        unless gan_seconds or gan_steps are given: then it is trained on the real training speech of
        this experiment, as those that make clips up always are. By default vocos, where it comes
        with the toolkit.
    second : str, optional
        Generator of another kind, whose clips are in test alone; one that is ready. By default
        another one that comes with the toolkit, or Griffin-Lim.
    gan_dim : int, optional
        Width of its networks.
    gan_batch : int, optional
        Clips per training step.
    gan_seconds : float, optional
        Seconds of training; 100 by default.
    gan_steps : int, optional
        Generator steps instead of seconds: reproducible on any machine.
    fakes : int
        Generated clips that are added to training.
    test_fakes : int
        Generated clips in test: from other latents, or copies of other speech.
    embedding : str
        Embedding of the Frechet Audio Distance: yamnet, vggish and others.
    distance_clips : int
        Clips at most in each set whose distance is measured.
    detectors : tuple of str
        Detectors to train.
    epochs : int
        Passes over the training clips at most.
    seeds : int
        Trainings of each detector under each condition.
    repeats : int
        Bootstrap draws of speakers behind each interval.
    explained_detector : str
        Detector whose decisions are explained (first seed, trained with the fakes).
    explained : int
        Test clips that are explained of each attack and of bona fide speech.
    samples : int
        Perturbations of a clip in LIME and SHAP.
    seed : int
        Seed of everything.
    workers : int, optional
        Processes that build the corpus; the number of cores by default.
    resume : bool
        Go on with the run that is there.
    force : bool
        Throw away the run that is there.
    """

    out: str = "runs/quick"
    corpus: str = "quick"
    data: str | None = None
    dataset: str | None = None
    generator: str | None = None
    second: str | None = None
    gan_dim: int | None = None
    gan_batch: int | None = None
    gan_seconds: float | None = None
    gan_steps: int | None = None
    fakes: int = 300
    test_fakes: int = 120
    embedding: str = "yamnet"
    distance_clips: int = 200
    detectors: tuple[str, ...] = ("cnn", "mobilenet")
    epochs: int = 12
    seeds: int = 3
    repeats: int = 400
    explained_detector: str = "cnn"
    explained: int = 3
    samples: int = 400
    seed: int = 0
    workers: int | None = None
    resume: bool = False
    force: bool = False

    def __post_init__(self):
        for name in ("fakes", "test_fakes", "epochs", "seeds", "repeats", "explained", "samples"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} is {getattr(self, name)}; give at least 1")
        for name in self.detectors:
            choose(name, MODELS, "detector")
        trains = self.gan_seconds is not None or self.gan_steps is not None
        chosen = taken_as(self.generator or default(bool(self.data)), trains)
        object.__setattr__(self, "generator", _one_of("generator", chosen, known()))
        second = taken_as(self.second or second_for(chosen), trains=False)
        object.__setattr__(self, "second", _one_of("second", second, ready()))
        if self.second == self.generator:
            raise UsageError(f"second is {second}, the generator itself; name one of another kind")
        if self.dataset and not self.data:
            raise UsageError(f"dataset is {self.dataset} but data is not given; name its folder")
        if self.explained_detector not in self.detectors:
            raise UsageError(
                f"explained_detector is {self.explained_detector!r}, which is not among the "
                f"detectors {', '.join(self.detectors)}; name one of them"
            )


def _one_of(field, value, names):
    if value not in names:
        raise UsageError(f"{field} is {value!r}; choose one of: {', '.join(names)}")
    return value
