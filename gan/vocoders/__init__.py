"""Vocoders: networks that turn a description of speech back into a waveform; their critics."""

from collections.abc import Callable
from dataclasses import dataclass

import keras


@dataclass(frozen=True)
class Vocoding:
    """A vocoder with its critics.

    Attributes
    ----------
    generator : keras.Model
        A description [batch, frames, n] (and numbers of codebooks [batch]) to audio
        [batch, frames * hop] and, where there are codebooks, what keeps them close, [].
    critic : keras.Model
        Audio [batch, samples] to one list a critic: its features, the last of them its verdict.
    describe : Callable
        From audio [batch, samples] to the description.
    reach : int
        Frames on either side, at most, on which a frame of output depends.
    """

    generator: keras.Model
    critic: keras.Model
    describe: Callable
    reach: int
