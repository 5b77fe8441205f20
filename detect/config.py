"""How a detector is described and how it is trained."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from audio.frontends import FrontEnd
from experiment.errors import UsageError


@dataclass(frozen=True)
class TrainConfig:
    """How a network is trained.

    Attributes
    ----------
    epochs : int
        At most so many passes over the training clips.
    patience : int
        Stop when the development loss has not improved for so many passes.
    batch : int
        Clips per step.
    learning_rate : float
        First step size of Adam; it falls to a twentieth along a cosine over `epochs`.
    loss : str
        A key of detect.losses.LOSSES. Classes are weighted to count the same. Models that are found
        in closed form have no loss.
    options : mapping
        Arguments of the model's builder, for example ``{"alpha": 0.5}`` for mobilenet.
    """

    epochs: int = 30
    patience: int = 6
    batch: int = 32
    learning_rate: float = 1e-3
    loss: str = "cross_entropy"
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        for name in ("epochs", "patience", "batch", "learning_rate"):
            if not getattr(self, name) > 0:
                raise UsageError(f"{name} must be positive. Received: {getattr(self, name)}")


@dataclass(frozen=True)
class Model:
    """An entry of detect.MODELS.

    Attributes
    ----------
    build : callable
        ``build(shape, **options)`` returns a flat functional Keras network from features of that
        shape (one clip) to one logit, positive for bona fide.
    front_end : FrontEnd
        What the network sees unless told otherwise.
    config : TrainConfig
        How it is trained unless told otherwise.
    fit : callable, optional
        ``fit(features, real, seed, **options)`` returns a network that is found in closed form
        instead of by gradient steps.
    """

    build: Callable
    front_end: FrontEnd
    config: TrainConfig = TrainConfig()
    fit: Callable | None = None
