"""A presentation: steps in series, written as one line of text and read back from it."""

from dataclasses import dataclass

import numpy as np

from audio.presentation.codecs import FORMATS, Codec
from audio.presentation.devices import Band, Loudspeaker, Microphone
from audio.presentation.dynamics import AutomaticGain, Clipping, Level
from audio.presentation.noise import Noise
from audio.presentation.rawboost import RawBoost
from audio.presentation.rooms import Room
from audio.presentation.steps import Scene, Step
from audio.presentation.timing import Ends, Loss, Resample, Trim
from experiment.errors import choose
from experiment.seeds import rng

KINDS = (
    Noise, Room, Microphone, Loudspeaker, Band, Level, Clipping, AutomaticGain, Ends, Trim,
    Resample, Loss, RawBoost,
)  # fmt: skip
STEPS = {kind.word: kind for kind in KINDS} | dict.fromkeys(FORMATS, Codec)
NONE = "none"


@dataclass(frozen=True)
class Presentation:
    """What happens to a recording between mouth and file.

    Attributes
    ----------
    steps : tuple of Step
        In series; none of them leaves the recording as it is.
    key : str
        Names the random state that the steps share: the same key gives the same noise, the same
        room, the same lost packets.

    Examples
    --------
    >>> chain = parse("room:small:0.3s:3dB|noise:pink:18dB|opus:16k@1f")
    >>> str(chain)
    'room:small:0.3s:3dB|noise:pink:18dB|opus:16k@1f'
    """

    steps: tuple[Step, ...] = ()
    key: str = ""

    def apply(self, samples, rate, scene=None):
        """Return the samples as they come out.

        Parameters
        ----------
        samples : ndarray [n]
            One channel.
        rate : int
            In Hz.
        scene : Scene, optional
            Voices for babble, and the original of a copy.

        Returns
        -------
        float32 ndarray [m]
            In step with the samples; ``m == n`` unless a step cuts or adds time. May exceed 1.
        """
        sound = np.asarray(samples, np.float64)
        for place, step in enumerate(self.steps):
            generator = rng(0, "presentation", self.key, place)
            sound = step.apply(sound, rate, generator, scene or Scene())
        return np.asarray(sound, np.float32)

    @property
    def keeps_time(self):
        """Whether no step cuts or adds time."""
        return not any(isinstance(step, (Ends, Trim)) for step in self.steps)

    def without(self, *kinds):
        """Return the presentation without the steps of some kinds."""
        kept = tuple(step for step in self.steps if not isinstance(step, kinds))
        return Presentation(kept, self.key if kept else "")

    def __str__(self):
        if not self.steps:
            return NONE
        return "|".join(map(str, self.steps)) + (f"@{self.key}" if self.key else "")


def parse(text):
    """Return the presentation that a text describes.

    Parameters
    ----------
    text : str
        Steps with their values, joined by ``|``, then ``@`` and the key; or ``none``.

    Returns
    -------
    Presentation

    Raises
    ------
    UsageError
        Naming the step or value that is not known.
    """
    if text == NONE:
        return Presentation()
    chain, _, key = text.partition("@")
    steps = []
    for part in chain.split("|"):
        word, *values = part.split(":")
        kind = choose(word, STEPS, "step")
        steps.append(kind.read([word, *values] if kind is Codec else values))
    return Presentation(tuple(steps), key)
