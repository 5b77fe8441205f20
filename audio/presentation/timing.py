"""Time and rate: ends cut or added, silence cut, another rate, lost packets."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from audio.clip import resample
from audio.presentation.steps import Step, quantity, same_length

LEAST = 0.1  # seconds that a cut leaves


@dataclass(frozen=True)
class Ends(Step):
    """Silence added, or sound cut, at both ends.

    Attributes
    ----------
    start, end : float
        In s; negative cuts. A tenth of a second stays at least.
    """

    word: ClassVar[str] = "ends"
    start: float = quantity("s", 3, default=0.1)
    end: float = quantity("s", 3, default=0.1)

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n + start + end]."""
        cuts = [max(-round(seconds * rate), 0) for seconds in (self.start, self.end)]
        spare = max(len(samples) - round(LEAST * rate), 0)
        first = round(cuts[0] * min(1, spare / max(sum(cuts), 1)))
        last = min(cuts[1], spare - first)
        kept = samples[first : len(samples) - last]
        return np.pad(kept, [max(round(seconds * rate), 0) for seconds in (self.start, self.end)])


def loud_span(samples, rate, threshold):
    """Return start and end of the loud part.

    Parameters
    ----------
    samples : ndarray [n]
        One channel.
    rate : int
        In Hz.
    threshold : float
        Loud is a 10-ms frame above the 95th percentile of the frames' levels plus so many dB.

    Returns
    -------
    start, end : int
        In samples; all of a clip under five frames.
    """
    size = rate // 100
    if len(samples) < 5 * size:
        return 0, len(samples)
    power = (samples[: len(samples) // size * size].reshape(-1, size) ** 2).mean(axis=1)
    level = 10 * np.log10(power + 1e-12)
    loud = np.flatnonzero(level > np.percentile(level, 95) + threshold)
    return loud[0] * size, (loud[-1] + 1) * size


@dataclass(frozen=True)
class Trim(Step):
    """Without silence at both ends; where it ends is looked for in the original.

    Attributes
    ----------
    threshold : float
        Silent is what lies so many dB below the loud frames (95th percentile of 10 ms).
    """

    word: ClassVar[str] = "trim"
    threshold: float = quantity("dB", 1, default=-32.0)

    def apply(self, samples, rate, generator, scene):
        """Return the samples from the first to the last loud frame of the original."""
        guide = samples if scene.original is None else scene.original
        start, end = loud_span(guide, rate, self.threshold)
        return samples[min(start, max(len(samples) - 1, 0)) : end]


@dataclass(frozen=True)
class Resample(Step):
    """To a lower rate and back.

    Attributes
    ----------
    rate : float
        In kHz.
    """

    word: ClassVar[str] = "resample"
    rate: float = quantity("kHz", 3, default=8.0)

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n] without what lies above half of the lower rate."""
        low = round(self.rate * 1000)
        if low >= rate:
            return samples
        return same_length(resample(resample(samples, rate, low), low, rate), len(samples))


@dataclass(frozen=True)
class Loss(Step):
    """Lost packets of 20 ms, in bursts; each is covered by the packet before, softer and softer.

    Attributes
    ----------
    share : float
        Per cent of the packets.
    burst : float
        Mean length of a burst in packets.

    Notes
    -----
    Source: the two states of E. Gilbert, *Capacity of a burst-noise channel*, Bell System
    Technical Journal 39, 1960; fading as in ITU-T G.711 Appendix I, to nothing in 60 ms, but
    without its pitch-wise repetition.
    """

    word: ClassVar[str] = "loss"
    share: float = quantity("%", 1, default=2.0)
    burst: float = quantity("", 1, default=1.5)

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n]."""
        size = round(0.02 * rate)
        packets = np.pad(samples, (0, -len(samples) % size)).reshape(-1, size).copy()
        stay = 1 - 1 / max(self.burst, 1)
        begin = (1 - stay) * self.share / max(100 - self.share, 1)
        run = 0
        for i, chance in enumerate(generator.random(len(packets))):
            run = run + 1 if i and chance < (stay if run else begin) else 0
            if run:
                ends = np.clip([1 - (run - 1) / 3, 1 - run / 3], 0, 1)
                packets[i] = packets[i - run] * np.linspace(*ends, size)
        return packets.reshape(-1)[: len(samples)]
