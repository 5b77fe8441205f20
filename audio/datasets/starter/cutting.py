"""From a recording to clips: cut at its quietest places, trimmed; single words joined."""

import numpy as np

FRAME = 0.01  # s
SHORTEST, LONGEST = 1.0, 3.7  # s
EARLIEST = 1.6  # s, before which no recording is cut
THRESHOLD = -32.0  # dB
GAP = 0.15  # s
BED = 40, 55  # dB


def level_track(samples, rate):
    """Return the level of each 10 ms frame in dB, [ceil(n / frame)]."""
    frame = int(FRAME * rate)
    whole = np.pad(np.asarray(samples, np.float64), (0, -len(samples) % frame))
    return 10 * np.log10((whole.reshape(-1, frame) ** 2).mean(axis=1) + 1e-12)


def active_level(samples, rate):
    """Return the mean level in dB of the frames within 25 dB of the loud ones."""
    levels = level_track(samples, rate)
    active = levels[levels >= np.percentile(levels, 95) - 25]
    return float(10 * np.log10((10 ** (active / 10)).mean()))


def trim(samples, rate, threshold=THRESHOLD):
    """Cut to the first and last frame that are louder than the 95th percentile + `threshold` dB."""
    levels, frame = level_track(samples, rate), int(FRAME * rate)
    if len(levels) < 5:
        return samples
    loud = np.flatnonzero(levels > np.percentile(levels, 95) + threshold)
    return samples[loud[0] * frame : (loud[-1] + 1) * frame]


def cut(samples, rate):
    """Cut a recording into clips at its quietest places.

    Parameters
    ----------
    samples : ndarray [n]
        One channel.
    rate : int
        In Hz.

    Returns
    -------
    list of ndarray
        Trimmed clips of `SHORTEST` to `LONGEST` seconds; shorter rests are dropped.
    """
    rest, clips, frame = trim(samples, rate), [], int(FRAME * rate)
    while len(rest) > LONGEST * rate:
        levels = level_track(rest[: int(LONGEST * rate)], rate)
        levels = np.convolve(levels, np.ones(5) / 5, "same")
        first = round(EARLIEST / FRAME)
        end = (first + int(np.argmin(levels[first:-3]))) * frame
        clips.append(trim(rest[:end], rate))
        rest = trim(rest[end:], rate)
    return [c for c in [*clips, rest] if SHORTEST * rate <= len(c) <= LONGEST * rate]


def join(words, rate, rng):
    """Join words with `GAP` seconds between them, each with faded ends, in a faint noise.

    Without it the gaps would be digital silence, in which every vocoder is found at once.

    Parameters
    ----------
    words : list of ndarray [n]
        At one rate.
    rate : int
        In Hz.
    rng : numpy.random.Generator
        Draws the noise, `BED` dB below the words.

    Returns
    -------
    float64 ndarray [m]
        Words and gaps.
    """
    quiet = np.zeros(int(GAP * rate))
    parts = [part for word in words for part in (quiet, _faded(word, int(FRAME * rate)))]
    joined = np.concatenate(parts[1:])
    level = active_level(joined, rate) - rng.uniform(*BED)
    return joined + 10 ** (level / 20) * rng.standard_normal(len(joined))


def _faded(samples, length):
    ramp = np.hanning(2 * length)
    shape = np.ones(len(samples))
    shape[:length] *= ramp[:length]
    shape[-length:] *= ramp[-length:]
    return samples * shape
