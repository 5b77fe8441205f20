"""Vocoders: networks that turn a description of speech back into a waveform."""

from collections.abc import Callable
from dataclasses import dataclass

import keras


@dataclass(frozen=True)
class Vocoding:
    """A vocoder.

    Attributes
    ----------
    generator : keras.Model
        A description [batch, frames, n] (and numbers of codebooks [batch]) to audio
        [batch, frames * hop] and, where there are codebooks, what keeps them close, [].
    describe : Callable
        From audio [batch, samples] to the description.
    reach : int
        Frames on either side, at most, on which a frame of output depends.
    """

    generator: keras.Model
    describe: Callable
    reach: int
