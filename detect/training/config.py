"""How a detector is described and how it is trained."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from audio.augment import augmentation
from audio.frontends import FrontEnd, Waveform
from audio.frontends.base import Picture
from encoders.frontend import Encoded
from experiment.errors import UsageError

BALANCES = ("weights", "sampling", "augmentation")
PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
MASKS = "specaugment"


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
        A key of detect.training.losses.LOSSES. Classes count the same. Models that are found
        in closed form have no loss.
    balance : {"weights", "sampling", "augmentation"}
        How both classes come to count the same: by weights in the loss; by drawing as many clips of
        each; or so that the clips of the smaller class that come again come as augmented copies.
    augment : mapping
        Augmentations of the training clips by name, with their options: ``{"noise": {"low": 10}}``;
        keys of audio.augment.AUGMENTATIONS, of which one is drawn for each copy, and
        ``specaugment``, which masks features afresh in every epoch.
    copies : int
        Augmented copies of each clip that training chooses from, beside the clip itself.
    precision : {"float32", "mixed_float16", "mixed_bfloat16"}
        In which the network computes while it is trained; weights stay in float32.
    options : mapping
        Arguments of the model's builder, for example ``{"alpha": 0.5}`` for mobilenet.
    """

    epochs: int = 30
    patience: int = 6
    batch: int = 32
    learning_rate: float = 1e-3
    loss: str = "cross_entropy"
    balance: str = "weights"
    augment: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    copies: int = 3
    precision: str = "float32"
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sound(self):
        """The augmentations that change the sound, dict of name to options."""
        return {name: dict(own) for name, own in self.augment.items() if name != MASKS}

    def __post_init__(self):
        for name in ("epochs", "patience", "batch", "learning_rate", "copies"):
            if not getattr(self, name) > 0:
                raise UsageError(f"{name} must be positive. Received: {getattr(self, name)}")
        for name, known in (("balance", BALANCES), ("precision", PRECISIONS)):
            if getattr(self, name) not in known:
                raise UsageError(
                    f"{name} is one of {', '.join(known)}. Received: {getattr(self, name)!r}"
                )
        for name, options in self.sound.items():
            augmentation(name, **options)
        if self.balance == "augmentation" and not self.sound:
            raise UsageError("balance by augmentation needs augmentations; name some in augment")


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
    takes : tuple of type
        Kinds of front end that it takes; the kind of `front_end` when empty.
    """

    build: Callable
    front_end: FrontEnd
    config: TrainConfig = TrainConfig()
    fit: Callable | None = None
    takes: tuple = ()

    @property
    def kinds(self):
        """Kinds of front end that it takes: of Picture, Waveform and Encoded."""
        own = self.front_end
        return self.takes or tuple(
            kind for kind in (Picture, Waveform, Encoded) if isinstance(own, kind)
        )


class Registry(dict):
    """Entries by name, which are found by their former names too.

    Parameters
    ----------
    former : mapping of str to str
        From former names to names.
    **entries : object
        By name.
    """

    def __init__(self, former, **entries):
        super().__init__(entries)
        self.former = former

    def __contains__(self, name):
        return super().__contains__(self.former.get(name, name))

    def __missing__(self, name):
        if name in self.former:
            return self[self.former[name]]
        raise KeyError(name)
