"""Loudspeakers, microphones and lines: what they let pass, and how they bend it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from audio.presentation.steps import Step, like, power, quantity
from experiment.errors import choose

DEVICES = {  # lower edge, upper edge in Hz, drawn between; deviation of the response in dB
    "studio": ((20, 60), (16000, 20000), 1.0),
    "headset": ((80, 200), (6000, 14000), 3.0),
    "phone": ((100, 300), (5500, 9000), 4.0),
    "laptop": ((120, 350), (6000, 12000), 5.0),
    "far": ((60, 150), (4500, 8000), 5.0),
    "speaker": ((80, 250), (7000, 14000), 5.0),
}
TAPS = 1024


def magnitude(rate, device, generator):
    """Return the magnitude response of a device.

    Parameters
    ----------
    rate : int
        In Hz.
    device : str
        A key of `DEVICES`.
    generator : numpy.random.Generator
        Draws the two edges, and gains on a grid of third octaves that are joined smoothly.

    Returns
    -------
    float64 ndarray [513]
        From 0 Hz to half the rate. 12 dB per octave fall below and above the edges.
    """
    from scipy.ndimage import gaussian_filter1d

    low, high, deviation = choose(device, DEVICES, "device")
    edges = generator.uniform(*np.log(low)), generator.uniform(*np.log(high))
    hertz = np.maximum(np.linspace(0, rate / 2, TAPS // 2 + 1), 10.0)
    grid = 20 * 2 ** (np.arange(33) / 3)
    rough = gaussian_filter1d(generator.standard_normal(len(grid)), 1.0)
    gains = np.interp(np.log(hertz), np.log(grid), rough * deviation / 0.53)
    below = -10 * np.log10(1 + (np.exp(edges[0]) / hertz) ** 4)
    above = -10 * np.log10(1 + (hertz / np.exp(edges[1])) ** 4)
    return 10 ** ((gains + below + above) / 20)


def filtered(samples, magnitude):
    """Return samples through a filter of that magnitude [m] and of no phase, ndarray [n]."""
    from scipy.signal import oaconvolve

    taps = 2 * (len(magnitude) - 1)
    kernel = np.roll(np.fft.irfft(magnitude), taps // 2) * np.hanning(taps + 1)[:-1]
    return oaconvolve(samples, kernel)[taps // 2 :][: len(samples)]


@dataclass(frozen=True)
class Microphone(Step):
    """The response of a microphone.

    Attributes
    ----------
    device : str
        A key of `DEVICES`.
    """

    word: ClassVar[str] = "microphone"
    device: str = "phone"

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n] of the power that the samples had."""
        heard = filtered(samples, magnitude(rate, self.device, generator))
        return like(heard, samples)


@dataclass(frozen=True)
class Loudspeaker(Step):
    """The response of a loudspeaker that bends loud sound.

    Attributes
    ----------
    drive : float
        Level in dB of the recording's rms below the point where the cone gives in: 20 is clean, 0
        is harsh.
    """

    word: ClassVar[str] = "loudspeaker"
    drive: float = quantity("dB", 1, default=12.0)

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n] of the power that the samples had."""
        scale = np.sqrt(max(power(samples), 1e-24)) * 10 ** (self.drive / 20)
        bent = np.tanh(samples / scale + 0.1) - np.tanh(0.1)
        heard = filtered(bent - bent.mean(), magnitude(rate, "speaker", generator))
        return like(heard, samples)


@dataclass(frozen=True)
class Band(Step):
    """A band-pass without delay.

    Attributes
    ----------
    low, high : float
        Edges in Hz; 24 dB per octave beyond. An edge beyond half the rate is left out.
    """

    word: ClassVar[str] = "band"
    low: float = quantity("Hz", 0, default=300.0)
    high: float = quantity("Hz", 0, default=3400.0)

    def apply(self, samples, rate, generator, scene):
        """Return ndarray [n]."""
        from scipy.signal import butter, sosfiltfilt

        if self.high < 0.49 * rate:
            sections = butter(4, (self.low, self.high), "bandpass", fs=rate, output="sos")
        else:
            sections = butter(4, self.low, "highpass", fs=rate, output="sos")
        return sosfiltfilt(sections, samples, padlen=min(27, len(samples) - 1))
