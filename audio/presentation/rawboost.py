"""RawBoost: noise that a telephone line or a recorder adds, and that needs no recordings."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from audio.presentation.steps import Step, power, quantity
from experiment.errors import choose

ORDERS = 5


def notches(sound, rate, generator, count=5):
    """Return `sound` through `count` band-stop filters of 100 to 1000 Hz at random places."""
    from scipy.signal import firwin, oaconvolve

    edges = []
    for centre in np.sort(generator.uniform(20, rate / 2 - 20, count)):
        width = generator.uniform(100, 1000) / 2
        low, high = max(centre - width, 10), min(centre + width, rate / 2 - 10)
        if not edges or low > edges[-1] + 20:
            edges += [low, high]
    kernel = firwin(101, edges, pass_zero="bandstop", fs=rate)
    return oaconvolve(sound, kernel, "same")


def convolutive(sound, rate, generator, orders=ORDERS):
    """Return the sum of powers of `sound` (peak 1), each further one 5 to 20 dB below.

    Each power passes through notches of its own. Source: RawBoost, section 3.1.
    """
    total = notches(sound, rate, generator)
    for order in range(2, orders + 1):
        gain = 10 ** (-generator.uniform(5, 20) / 20)
        total = total + gain * notches(sound**order, rate, generator)
    return total - total.mean()


def impulsive(sound, generator, share):
    """Return `sound` with impulses, up to twice as high, on a share of its samples.

    Source: RawBoost, section 3.2.
    """
    places, heights = generator.spawn(2)
    hit = places.random(len(sound)) < share
    return sound + hit * sound * heights.uniform(-2, 2, len(sound))


def stationary(sound, rate, generator, ratio):
    """Return `sound` with coloured noise at a ratio in dB. Source: RawBoost, section 3.3."""
    white, places = generator.spawn(2)
    colour = notches(white.standard_normal(len(sound)), rate, places)
    size = np.sqrt(power(sound) / max(power(colour), 1e-24))
    return sound + colour * size * 10 ** (-ratio / 20)


PARTS = {"linear": "l", "impulsive": "i", "stationary": "s", "all": "lis"}


@dataclass(frozen=True)
class RawBoost(Step):
    """Convolutive noise, impulses that depend on the signal, and coloured noise beside it.

    Attributes
    ----------
    parts : str
        A key of `PARTS`: one of the three, or all in series.
    share : float
        Per cent of the samples that get an impulse.
    ratio : float
        Signal-to-noise ratio of the coloured noise in dB.
    orders : float
        Powers of the signal that pass through notch filters of their own.

    Notes
    -----
    Source: H. Tak et al., *RawBoost: a raw data boosting and augmentation method applied to
    automatic speaker verification anti-spoofing*, ICASSP 2022, section 3.
    """

    word: ClassVar[str] = "rawboost"
    parts: str = "all"
    share: float = quantity("%", default=5.0)
    ratio: float = quantity("dB", 1, default=25.0)
    orders: float = quantity("", 0, default=ORDERS)

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n] with the peak that the samples had."""
        chosen = choose(self.parts, PARTS, "part of RawBoost")
        streams = generator.spawn(3)
        peak = max(np.abs(samples).max(initial=0), 1e-12)
        sound = samples / peak
        if "l" in chosen:
            sound = convolutive(sound, rate, streams[0], int(self.orders))
        if "i" in chosen:
            sound = impulsive(sound, streams[1], self.share / 100)
        if "s" in chosen:
            sound = stationary(sound, rate, streams[2], self.ratio)
        return sound / max(np.abs(sound).max(initial=0), 1e-12) * peak
