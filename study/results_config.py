"""What the page of results compares, and how long each model is trained."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plan:
    """How one model is trained.

    Attributes
    ----------
    epochs : int
        Passes over the training clips, at most; the patience of the model's own settings holds.
    seeds : int
        Trainings, with seeds 0, 1, ...
    clips : int
        Training clips, an equal share of each class and attack; 0 for all of them.
    seconds : float
        Length that each clip is brought to; 0 for the model's own.
    """

    epochs: int = 12
    seeds: int = 1
    clips: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ResultsConfig:
    """What to compare.

    Attributes
    ----------
    models : dict of str to Plan
        Plans by the key of detect.MODELS; run in this order.
    out : str
        Run folder; an interrupted run there goes on.
    page : str
        File that gets the page; written after each model.
    corpus : str
        Size of the starter corpus.
    repeats : int
        Draws of speakers behind each interval.
    only_page : bool
        Write the page from what is finished and train nothing.
    """

    models: dict[str, Plan] = field(default_factory=dict)
    out: str = "runs/results"
    page: str = "docs/results.md"
    corpus: str = "quick"
    repeats: int = 500
    only_page: bool = False
