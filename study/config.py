"""What one experiment is: everything that its numbers depend on."""

from dataclasses import dataclass

from detect.models.registry import MODELS
from experiment.errors import UsageError, choose
from gan.generation import shipped
from gan.registry import GENERATORS

SHIPPED = "wavegan-starter"


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
        published data set.
    dataset : str, optional
        Which published data set `data` is, for example asvspoof2019_la; its splits are kept.
    generator : str, optional
        wavegan or specgan: trained on the real training speech of this experiment. Or one that
        comes with the toolkit, trained on the real training speech of the starter corpus:
        wavegan-starter (by default) or specgan-starter. With your own data the default is wavegan.
    gan_dim : int
        Width of its networks.
    gan_batch : int
        Clips per training step.
    gan_seconds : float
        Seconds of training.
    gan_steps : int, optional
        Generator steps instead of seconds: reproducible on any machine.
    fakes : int
        Generated clips that are added to training.
    test_fakes : int
        Generated clips, from other latents, in test.
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
    gan_dim: int = 16
    gan_batch: int = 16
    gan_seconds: float = 100.0
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
        if self.generator is None:
            object.__setattr__(self, "generator", "wavegan" if self.data else SHIPPED)
        known = (*GENERATORS, *shipped())
        if self.generator not in known:
            raise UsageError(f"generator is {self.generator!r}; choose one of: {', '.join(known)}")
        if self.dataset and not self.data:
            raise UsageError(f"dataset is {self.dataset} but data is not given; name its folder")
        if self.explained_detector not in self.detectors:
            raise UsageError(
                f"explained_detector is {self.explained_detector!r}, which is not among the "
                f"detectors {', '.join(self.detectors)}; name one of them"
            )
