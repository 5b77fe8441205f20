"""How a detector is described and how it is trained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from audio.augment import augmentation
from audio.frontends import FrontEnd, Waveform
from audio.frontends.base import Picture
from audio.presentation import CHAINS
from detect.evaluation.metrics import cost_threshold, eer_threshold
from encoders.frontend import Encoded
from experiment.errors import UsageError, choose

BALANCES = ("weights", "sampling", "augmentation")
STOPS = ("loss", "auc")
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
        Augmented copies of each clip that training chooses from, beside the clip itself; of a
        model that is found in closed form, how often each clip is heard presented, 0 for dev alone.
    precision : {"float32", "mixed_float16", "mixed_bfloat16"}
        In which the network computes while it is trained; weights stay in float32.
    options : mapping
        Arguments of the model's builder, for example ``{"alpha": 0.5}`` for mobilenet.
    present : sequence of str
        Presentations (keys of audio.presentation.CHAINS), of which one is drawn for each clip in
        every epoch, the same for an original and its copies; one that is listed twice comes twice
        as often. The development clips count as they are and once presented.
    lengths : (float, float), optional
        Shortest and longest stretch in seconds of which one is drawn for each clip in every epoch;
        of a longer one the front end sees its own length.
    pairs : int
        A batch holds originals with so many of their copies each; 0 draws every clip for itself.
    contrast : float
        Weight of the contrastive feature loss (detect.training.losses.contrastive) beside `loss`.
    prior : float, optional
        Probability of a spoof where the detector is used. With it, the threshold is the one of
        least expected cost on dev, and the development loss weighs the errors so; without, the
        threshold is that of the equal error rate.
    costs : (float, float)
        Of a bona fide clip that is called spoof, and of a spoof that is called bona fide.
    alarms : float, optional
        Share of the bona fide dev clips that may be called spoof: the threshold looks at real
        speech alone, as is right where the fakes of use are unlike those of dev. It goes before
        `prior`.
    stop : {"loss", "auc"}
        What early stopping looks at: the development loss, or the area under the ROC on dev, which
        does not mind scores that are all shifted on other sources.
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
    present: Sequence[str] = ()
    lengths: Sequence[float] | None = None
    pairs: int = 0
    contrast: float = 0.0
    prior: float | None = None
    costs: Sequence[float] = (1.0, 1.0)
    alarms: float | None = None
    stop: str = "loss"

    @property
    def fresh(self):
        """Whether clips are heard anew in every epoch."""
        return bool(self.present or self.lengths or self.pairs)

    @property
    def odds(self):
        """Share of the weight that bona fide clips have on dev, by prior and costs."""
        prior = 0.5 if self.prior is None else self.prior
        real, spoof = (1 - prior) * self.costs[0], prior * self.costs[1]
        return real / (real + spoof)

    def threshold(self, real, spoof):
        """Return the decision threshold for scores of both classes on dev."""
        if self.alarms is not None:
            return float(np.quantile(real, self.alarms))
        if self.prior is None:
            return eer_threshold(real, spoof)
        return cost_threshold(real, spoof, self.odds)

    @property
    def sound(self):
        """The augmentations that change the sound, dict of name to options."""
        return {name: dict(own) for name, own in self.augment.items() if name != MASKS}

    def __post_init__(self):
        for name in ("epochs", "patience", "batch", "learning_rate"):
            if not getattr(self, name) > 0:
                raise UsageError(f"{name} must be positive. Received: {getattr(self, name)}")
        if self.copies < 0 or (self.sound and not self.copies):
            raise UsageError(f"copies must be positive. Received: {self.copies}")
        known_values = (("balance", BALANCES), ("precision", PRECISIONS), ("stop", STOPS))
        for name, known in known_values:
            if getattr(self, name) not in known:
                raise UsageError(
                    f"{name} is one of {', '.join(known)}. Received: {getattr(self, name)!r}"
                )
        for name, options in self.sound.items():
            augmentation(name, **options)
        if self.balance == "augmentation" and not self.sound:
            raise UsageError("balance by augmentation needs augmentations; name some in augment")
        self._require_fresh()

    def _require_fresh(self):
        for name in self.present:
            choose(name, CHAINS, "presentation")
        if self.lengths is not None and not 0 < self.lengths[0] <= self.lengths[1]:
            raise UsageError(f"lengths are a shortest and a longest. Received: {self.lengths}")
        if self.prior is not None and not 0 < self.prior < 1:
            raise UsageError(f"prior must lie between 0 and 1. Received: {self.prior}")
        if self.alarms is not None and not 0 < self.alarms < 1:
            raise UsageError(f"alarms must lie between 0 and 1. Received: {self.alarms}")
        if len(self.costs) != 2 or not min(self.costs) > 0:
            raise UsageError(f"costs are two positive numbers. Received: {self.costs}")
        if self.pairs < 0 or self.contrast < 0:
            raise UsageError(
                f"pairs and contrast must not be negative. Received: {self.pairs}, {self.contrast}"
            )
        if self.fresh and (self.sound or self.balance != "weights"):
            raise UsageError(
                "present, lengths and pairs go with balance weights and without augment, except "
                "specaugment; name presentations instead"
            )


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


class Registry(dict[str, Any]):
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
