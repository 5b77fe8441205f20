"""The channel that every clip of the corpus goes through, real or fake, in the same way.

A detector should find what a vocoder does, not how a corpus was recorded. So a clip is cut by the
same rule, limited to one band, set into one white bed at one level, limited and dithered, whatever
its class. `detect.evaluation.audit` measures what is left.
"""

from functools import cache

import numpy as np

from audio.clip import RATE

FRAME = 160
SHORTEST, LONGEST = 1.0, 3.7
BAND = (80, 6400)
LEVEL, CREST = -26.0, 14.0
EDGES = np.array(
    [80, 160, 250, 350, 450, 570, 700, 840, 1000, 1170, 1370, 1600, 1850, 2150, 2500, 2900, 3400]
    + [4000, 4800, 5600, 6400]
)


def level_track(samples):
    """Return the level of each 10 ms frame in dB, [ceil(n / 160)]."""
    whole = np.pad(samples, (0, -len(samples) % FRAME))
    return 10 * np.log10((whole.reshape(-1, FRAME) ** 2).mean(axis=1) + 1e-12)


def trim(samples, threshold=-32.0):
    """Cut to the first and last frame that are louder than the 95th percentile + `threshold` dB."""
    levels = level_track(samples)
    if len(levels) < 5:
        return samples
    loud = np.flatnonzero(levels > np.percentile(levels, 95) + threshold)
    return samples[loud[0] * FRAME : (loud[-1] + 1) * FRAME]


def cut(samples, shortest=SHORTEST, longest=LONGEST, earliest=1.6):
    """Cut a recording into clips at its quietest places.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz.
    shortest, longest : float
        Bounds of a clip in seconds; shorter rests are dropped.
    earliest : float
        No cut is made before this time, in seconds.

    Returns
    -------
    list of ndarray
        Trimmed clips.
    """
    rest, clips = trim(samples), []
    while len(rest) > longest * RATE:
        levels = np.convolve(level_track(rest[: int(longest * RATE)]), np.ones(5) / 5, "same")
        first = round(earliest * RATE / FRAME)
        end = (first + int(np.argmin(levels[first:-3]))) * FRAME
        clips.append(trim(rest[:end]))
        rest = trim(rest[end:])
    return [c for c in [*clips, rest] if shortest * RATE <= len(c) <= longest * RATE]


def join(words, gap=0.15):
    """Join words with `gap` seconds between them, each at one level and with faded ends."""
    quiet = np.zeros(int(gap * RATE))
    parts = []
    for word in words:
        power = (10 ** (level_track(word) / 10)).mean()
        parts += [quiet, _faded(word * 10 ** (LEVEL / 20) / np.sqrt(power + 1e-12))]
    return np.concatenate(parts[1:])


def _faded(samples, length=FRAME):
    ramp = np.hanning(2 * length)
    shape = np.ones(len(samples))
    shape[:length] *= ramp[:length]
    shape[-length:] *= ramp[-length:]
    return samples * shape


# ------------------------------------------------------------------ average spectrum


def average_spectrum(samples):
    """Return the mean level per band of `EDGES` over the active frames, in dB about its mean.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz, at least one second.

    Returns
    -------
    float64 ndarray [20]
        Of zero mean: level does not count.
    """
    frames = np.lib.stride_tricks.sliding_window_view(samples, 512)[::256] * np.hanning(512)
    power = np.abs(np.fft.rfft(frames)) ** 2
    level = 10 * np.log10(power.sum(axis=1) + 1e-12)
    mean = power[level > level.max() - 30].mean(axis=0)
    frequency = np.fft.rfftfreq(512, 1 / RATE)
    bands = [
        10 * np.log10(mean[(frequency >= low) & (frequency <= high)].mean() + 1e-14)
        for low, high in zip(EDGES, EDGES[1:], strict=False)
    ]
    return np.array(bands) - np.mean(bands)


def equaliser(gains):
    """Return a linear-phase filter with the given band gains.

    Parameters
    ----------
    gains : ndarray [20]
        In dB per band of `EDGES`; the mean is taken out and the rest held within 15 dB.

    Returns
    -------
    float64 ndarray [511]
        Impulse response.
    """
    from scipy.signal import firwin2

    gains = np.clip(gains - np.mean(gains), -15, 15)
    centres = np.sqrt(EDGES[:-1] * EDGES[1:])
    frequency = np.concatenate([[0], centres, [RATE / 2]]) / (RATE / 2)
    return firwin2(511, frequency, 10 ** (np.concatenate([gains[:1], gains, gains[-1:]]) / 20))


# ------------------------------------------------------------------ the last steps


@cache
def _band_filter():
    from scipy.signal import firwin

    return firwin(1023, BAND, pass_zero=False, fs=RATE)


def _limit(samples, ceiling):
    """Bend the peaks above 0.7 of the ceiling by a tanh, so that none passes it."""
    knee = 0.7 * ceiling
    over = np.maximum(np.abs(samples) - knee, 0)
    bent = knee + (ceiling - knee) * np.tanh(over / (ceiling - knee))
    return np.where(over > 0, np.sign(samples) * bent, samples)


def finish(samples, rng, filter=None):
    """Bring a cut clip into the corpus's channel.

    In order: the equaliser of its voice (speech engines only), faded ends, 40-140 ms of room at
    each, the band 80-6400 Hz, one active level, a crest factor of at most 13-15 dB, a white bed
    24-32 dB below, no DC, +-3 dB of level, 16 bits with triangular dither.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz.
    rng : numpy.random.Generator
        The clip's own.
    filter : ndarray, optional
        Impulse response of `equaliser`.

    Returns
    -------
    int16 ndarray [m]
        ``m`` exceeds ``n`` by 80-280 ms.
    """
    from scipy.signal import oaconvolve

    if filter is not None:
        samples = oaconvolve(samples, filter, "same")
    room = [int(rng.uniform(0.04, 0.14) * RATE) for _ in range(2)]
    clean = oaconvolve(np.pad(_faded(samples), room), _band_filter(), "same")
    levels = level_track(clean)
    active = levels > np.percentile(levels, 95) - 25
    clean = _at_level(clean, active)
    clean = _at_level(_limit(clean, 10 ** ((LEVEL + CREST + rng.uniform(-1, 1)) / 20)), active)
    bed = rng.standard_normal(len(clean)) * 10 ** ((LEVEL - rng.uniform(24, 32)) / 20)
    return _quantise((clean + bed) * 10 ** (rng.uniform(-3, 3) / 20), rng)


def _at_level(samples, active):
    power = (10 ** (level_track(samples)[active] / 10)).mean()
    return samples * 10 ** (LEVEL / 20) / np.sqrt(power + 1e-12)


def _quantise(samples, rng):
    samples = samples - samples.mean()
    samples = samples * min(1.0, 0.98 / np.abs(samples).max())
    dither = rng.random(len(samples)) - rng.random(len(samples))
    return np.clip(np.round(samples * 32767 + dither), -32768, 32767).astype(np.int16)
