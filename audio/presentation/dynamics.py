"""Level, clipping and automatic gain."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from audio.presentation.steps import Step, power, quantity


@dataclass(frozen=True)
class Level(Step):
    """Louder or softer.

    Attributes
    ----------
    gain : float
        In dB.
    """

    word: ClassVar[str] = "level"
    gain: float = quantity("dB", default=-6.0)

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n], not clipped."""
        return samples * 10 ** (self.gain / 20)


@dataclass(frozen=True)
class Clipping(Step):
    """Peaks cut off, as by a converter that was driven too hard.

    Attributes
    ----------
    share : float
        Per cent of the samples that are cut: so two clips with other peaks suffer the same.
    """

    word: ClassVar[str] = "clip"
    share: float = quantity("%", default=0.5)

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n]."""
        if not len(samples):
            return samples
        top = np.quantile(np.abs(samples), 1 - self.share / 100)
        return np.clip(samples, -top, top)


@dataclass(frozen=True)
class AutomaticGain(Step):
    """A gain that follows the level, as in phones and conference software.

    Attributes
    ----------
    strength : float
        Share of the level's deviation from its mean (in dB) that is taken out, 0 to 1.
    release : float
        Time constant in s with which the gain rises again; it falls twenty times faster.
    """

    word: ClassVar[str] = "agc"
    strength: float = quantity("", default=0.5)
    release: float = quantity("s", default=0.4)

    FRAME: ClassVar[float] = 0.01
    RANGE: ClassVar[float] = 30.0  # dB below the mean level from which silence is not lifted more

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n]."""
        size = max(round(self.FRAME * rate), 1)
        whole = np.pad(samples, (0, -len(samples) % size)).reshape(-1, size)
        mean = 10 * np.log10(power(samples) + 1e-20)
        levels = 10 * np.log10((whole**2).mean(axis=1) + 1e-20)
        wanted = self.strength * (mean - np.maximum(levels, mean - self.RANGE))
        gains = _smooth(wanted, self.FRAME / self.release, 20 * self.FRAME / self.release)
        centres = (np.arange(len(gains)) + 0.5) * size
        track = np.interp(np.arange(len(samples)), centres, gains)
        return samples * 10 ** (track / 20)


def _smooth(wanted, rise, fall):
    """Return a track that follows `wanted` at two speeds (shares a frame)."""
    found, now = np.empty(len(wanted)), 0.0
    rise, fall = 1 - np.exp(-rise), 1 - np.exp(-fall)
    for i, goal in enumerate(wanted.tolist()):
        now += (rise if goal > now else fall) * (goal - now)
        found[i] = now
    return found
