"""Noise of many colours, and the babble of others, at a signal-to-noise ratio."""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from audio.presentation.steps import Step, power, quantity
from experiment.errors import UsageError, choose

TAPS = 1025
TALKERS = 6
LOWEST = 40.0  # Hz; below it the spectra stay flat
MAINS = 50.0

COLOURS = {  # dB per octave; for the last two see `_gain`
    "white": 0.0,
    "pink": -3.01,
    "brown": -6.02,
    "blue": 3.01,
    "violet": 6.02,
    "speech": None,
    "hum": None,
}


def noise(n, rate, colour, generator):
    """Return noise of a colour and of power 1.

    Parameters
    ----------
    n : int
        Samples.
    rate : int
        In Hz.
    colour : str
        A key of `COLOURS`: a slope of the spectrum; ``speech`` for the long-term average spectrum
        of speech (flat to 500 Hz, then -9 dB per octave); ``hum`` for mains at 50 Hz with its
        harmonics in pink noise.
    generator : numpy.random.Generator
        From the same one a longer noise begins as a shorter one does, up to its level.

    Returns
    -------
    float64 ndarray [n]
    """
    from scipy.signal import oaconvolve

    choose(colour, COLOURS, "colour of noise")
    phases = generator.uniform(0, 2 * np.pi, 12)
    found = generator.standard_normal(n + TAPS - 1)
    found = found[:n] if colour == "white" else oaconvolve(found, _filter(colour, rate), "valid")
    if colour == "hum":
        found = found / np.sqrt(max(power(found), 1e-24)) * 0.3 + _hum(n, rate, phases)
    return found / np.sqrt(max(power(found), 1e-24))


def _hum(n, rate, phases):
    time = np.arange(n) / rate
    orders = [k for k in range(1, len(phases) + 1) if k * MAINS < rate / 2]
    return sum(np.sin(2 * np.pi * MAINS * k * time + phases[k - 1]) / k for k in orders)


@cache
def _filter(colour, rate):
    from scipy.signal import firwin2

    hertz = np.linspace(0, rate / 2, 513)
    return firwin2(TAPS, hertz, 10 ** (_gain(colour, hertz) / 20), fs=rate)


def _gain(colour, hertz):
    slope = COLOURS["pink"] if colour == "hum" else COLOURS[colour]
    if slope is None:
        return -9.0 * np.log2(np.maximum(hertz, 500) / 500)
    return slope * np.log2(np.maximum(hertz, LOWEST) / 1000)


def babble(n, voices, generator, talkers=TALKERS):
    """Return several voices at once, each at the same level and repeated as needed, of power 1.

    Parameters
    ----------
    n : int
        Samples.
    voices : sequence of ndarray
        Speech to choose from.
    generator : numpy.random.Generator
        Draws who speaks and from where on.
    talkers : int
        How many; fewer where there are fewer voices.

    Returns
    -------
    float64 ndarray [n]

    Raises
    ------
    UsageError
        If there are no voices.
    """
    if not len(voices):
        raise UsageError("babble needs speech of others; give some clips as voices")
    total = np.zeros(n)
    for who in generator.permutation(len(voices))[:talkers]:
        voice = np.asarray(voices[who], np.float64)
        start = int(generator.random() * len(voice))
        total += np.resize(np.roll(voice, -start), n) / np.sqrt(max(power(voice), 1e-24))
    return total / np.sqrt(max(power(total), 1e-24))


@dataclass(frozen=True)
class Noise(Step):
    """Noise under the recording.

    Attributes
    ----------
    colour : str
        A key of `COLOURS`, or ``babble``.
    ratio : float
        Signal-to-noise ratio over the whole clip in dB.
    """

    word: ClassVar[str] = "noise"
    colour: str = "pink"
    ratio: float = quantity("dB", 1, default=15.0)

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n]; silence stays silent."""
        if self.colour == "babble":
            found = babble(len(samples), scene.voices, generator)
        else:
            found = noise(len(samples), rate, self.colour, generator)
        return samples + found * np.sqrt(power(samples)) * 10 ** (-self.ratio / 20)
