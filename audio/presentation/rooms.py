"""Rooms: early reflections of a box, then a tail that falls as measured rooms do."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from audio.presentation.steps import Step, like, quantity
from experiment.errors import choose

SOUND = 343.0  # m/s
VOLUMES = {"small": (12.0, 60.0), "large": (100.0, 2000.0)}  # in cubic metres
ORDER = 3
BANDS = ((0, 1.15), (1000, 1.0), (3000, 0.7), (6000, 0.5))  # from so many Hz: share of the time


def response(rate, time, direct, size, generator):
    """Return a room's impulse response.

    Parameters
    ----------
    rate : int
        In Hz.
    time : float
        Reverberation time (to -60 dB) in s, of the band 1 to 3 kHz; below it is longer, above
        shorter, as in furnished rooms.
    direct : float
        Level of the direct sound over all that comes after it, in dB.
    size : {"small", "large"}
        Whether it is an office or a hall.
    generator : numpy.random.Generator
        Draws the box, both places in it and the tail.

    Returns
    -------
    float64 ndarray [m]
        The direct sound is its first sample, 1.

    Notes
    -----
    Source: J. Allen, D. Berkley, *Image method for efficiently simulating small-room acoustics*,
    JASA 65, 1979, for the reflections up to the third order. The tail is noise in four bands, each
    with its own exponential decay; it takes over, at equal power, where higher orders would set in.
    """
    early, dense = _early(rate, time, size, generator)
    length = max(round(1.1 * time * rate), len(early), 2 * dense)
    tail = _tail(length, rate, time, generator)
    near = slice(dense // 2, dense)
    seam = np.sqrt((early[near] ** 2).sum() / max((tail[near] ** 2).sum(), 1e-24))
    cross = np.clip(np.arange(length) / dense - 0.5, 0, 0.5) * np.pi
    found = np.sin(cross) * tail * max(seam, 1e-3)
    found[: len(early)] += np.cos(cross[: len(early)]) * early
    found[0] = 0
    found *= 10 ** (-direct / 20) / np.sqrt(max((found**2).sum(), 1e-24))
    found[0] = 1.0
    return found


def _early(rate, time, size, generator):
    """Return the reflections up to `ORDER`, and how many samples of them are complete.

    The direct sound is left out, its time taken off.
    """
    low, high = choose(size, VOLUMES, "size of room")
    volume = np.exp(generator.uniform(np.log(low), np.log(high)))
    shape = generator.uniform(0.7, 1.4, 3) * [1.2, 1.0, 0.7]
    box = shape * (volume / shape.prod()) ** (1 / 3)
    source, ear = (generator.uniform(0.15, 0.85, 3) * box for _ in range(2))
    surface = 2 * (box[0] * box[1] + box[1] * box[2] + box[0] * box[2])
    reflection = np.exp(-0.5 * 24 * np.log(10) / SOUND * volume / (surface * time))
    n = np.arange(-ORDER, ORDER + 1)
    cells = np.stack(np.meshgrid(n, n, n, indexing="ij"), -1).reshape(-1, 3)
    mirrored = cells % 2 == 1
    images = cells * box + np.where(mirrored, box - source, source)
    distance = np.sqrt(((images - ear) ** 2).sum(axis=1))
    bounces = np.abs(cells).sum(axis=1)
    kept = (bounces > 0) & (bounces <= ORDER)
    gain = reflection ** bounces[kept] / distance[kept]
    first = np.sqrt(((source - ear) ** 2).sum())
    place = np.round((distance[kept] - first) / SOUND * rate).astype(int)
    dense = max(round((ORDER * box.min() - first) / SOUND * rate), rate // 200)
    found = np.zeros(max(place.max() + 1, dense))
    np.add.at(found, np.maximum(place, 1), gain * generator.choice([1.0, -1.0], len(gain)))
    return found, dense


def _tail(length, rate, time, generator):
    seconds = np.arange(length) / rate
    spectrum = np.fft.rfft(generator.standard_normal(length))
    hertz = np.fft.rfftfreq(length, 1 / rate)
    total = np.zeros(length)
    for (low, share), (high, _) in zip(BANDS, [*BANDS[1:], (rate, 0)], strict=True):
        if low < rate / 2:
            band = np.fft.irfft(spectrum * ((hertz >= low) & (hertz < high)), length)
            total += band * 10 ** (-3 * seconds / (time * share))
    return total


@dataclass(frozen=True)
class Room(Step):
    """A room between mouth and microphone.

    Attributes
    ----------
    size : {"small", "large"}
        See `VOLUMES`.
    time : float
        Reverberation time in s.
    direct : float
        Direct sound over reverberation in dB: high where the microphone is close.
    """

    word: ClassVar[str] = "room"
    size: str = "small"
    time: float = quantity("s", default=0.3)
    direct: float = quantity("dB", 1, default=3.0)

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n] of the power that the samples had."""
        from scipy.signal import oaconvolve

        heard = response(rate, self.time, self.direct, self.size, generator)
        return like(oaconvolve(samples, heard)[: len(samples)], samples)
