"""Whether some samples hold sound that a detector can judge.

A front end that looks at energies in bands takes a click, an offset or silence for very clean
speech. None of them is evidence, so none of them gets a verdict.
"""

import numpy as np

from audio.clip import RATE, SILENCE

CLICK = 0.3  # of the energy in one millisecond; 0.2 at most in 2,000 windows of real recordings
SHORTEST = 0.05  # seconds in which a click can be told from the sound
AUDIBLE = 30.0  # Hz; no speech lies below
RUMBLE = 0.9  # of the energy below `AUDIBLE`
CLIPPED = 0.5  # of the samples at the peak
FLAGS = (
    *("silent", "constant", "mostly offset", "mostly a click"),
    *("mostly rumble", "mostly clipped"),
)


def unsound(samples, rate=RATE):
    """Return why there is nothing to judge in some samples.

    Parameters
    ----------
    samples : ndarray [n] of float32
        Finite.
    rate : int
        In Hz.

    Returns
    -------
    str
        One of `FLAGS`: no sample beyond `audio.clip.SILENCE`; all samples alike; a constant that
        holds more energy than the sound on it; one millisecond that holds more than `CLICK` of the
        energy; frequencies below `AUDIBLE` that hold more than `RUMBLE` of it; more than
        `CLIPPED` of the samples at the peak. Empty where there is sound.

    Examples
    --------
    >>> import numpy as np
    >>> unsound(np.full(16000, 0.3, np.float32))
    'constant'
    """
    if np.abs(samples).max() < SILENCE:
        return "silent"
    if np.ptp(samples) < SILENCE:
        return "constant"
    mean = samples.mean(dtype=np.float64)
    energy = np.square(samples - mean, dtype=np.float64)
    total = energy.sum()
    if len(samples) * mean**2 > total:
        return "mostly offset"
    short = max(rate // 1000, 1)
    if len(samples) < SHORTEST * rate:
        return ""
    sums = np.concatenate([[0.0], np.cumsum(energy)])
    if (sums[short:] - sums[:-short]).max() > CLICK * total:
        return "mostly a click"
    if _below(samples - mean, AUDIBLE, rate) > RUMBLE:
        return "mostly rumble"
    level = np.abs(samples)
    return "mostly clipped" if (level > 0.999 * level.max()).mean() > CLIPPED else ""


def _below(samples, hertz, rate):
    """Return the share of the energy below a frequency."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    return power[: round(hertz * len(samples) / rate)].sum() / max(power.sum(), 1e-30)
