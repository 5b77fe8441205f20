"""Fingerprints that find a recording again after mp3, resampling, cutting and another level.

A fingerprint is the places of the peaks of a spectrogram. Four neighbouring peaks make a hash; two
recordings that share hashes at one offset in time are laid over each other, and are the same where
most of their peaks fall together.

Source: A. Wang, *An industrial-strength audio search algorithm*, ISMIR 2003. There a hash is made
of two peaks; speech has fewer frequencies than music, and four keep 100,000 clips apart.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from audio.clip import resample

RATE = 8000  # Hz; what lies above 4 kHz does not count
WINDOW, HOP = 512, 128
LOWEST, HIGHEST = 5, 240  # bins of 15.6 Hz
NEAR_TIME, NEAR_BINS = 4, 8  # a peak is the highest so many frames and bins around
FLOOR = 70.0  # dB below the highest
TARGETS = 5  # peaks after the first, of which three complete a hash
REACH = 63  # frames that a hash spans at most
SPAN = 12  # frames over which hashes must agree, so that not one chance makes them all
FOLD = np.uint64(0x9E3779B97F4A7C15)  # spreads 50 bits over 64, of which 32 are kept
COMMON = 50  # a hash that occurs more often tells nothing
HITS, SHARE = 12, 0.5  # peaks that fall together


def peaks(samples, rate):
    """Return where a spectrogram has peaks.

    Parameters
    ----------
    samples : ndarray [n]
        One channel, of any level.
    rate : int
        In Hz.

    Returns
    -------
    int32 ndarray [p]
        ``256 * frame + bin``, ascending; some 45 for each second of speech. Empty for a clip under
        64 ms and for silence.
    """
    from scipy.fft import rfft
    from scipy.ndimage import maximum_filter1d

    sound = np.asarray(resample(np.asarray(samples, np.float32), rate, RATE), np.float32)
    if len(sound) < WINDOW:
        return np.zeros(0, np.int32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP]
    window = np.hanning(WINDOW).astype(np.float32)
    spectrum = rfft(frames * window, axis=1)[:, LOWEST:HIGHEST]
    size = spectrum.real**2 + spectrum.imag**2
    around = maximum_filter1d(size, 2 * NEAR_TIME + 1, axis=0)
    around = maximum_filter1d(around, 2 * NEAR_BINS + 1, axis=1)
    loud = size > size.max() * 10 ** (-FLOOR / 10)
    time, pitch = np.nonzero(loud & (size == around))
    return (256 * time + pitch).astype(np.int32)


def fingerprint(samples, rate):
    """Return the peaks of a recording, and those of half a frame later.

    One of the two meets the frames of another cut of the same recording.
    """
    return peaks(samples, rate), peaks(samples[round(HOP / 2 / RATE * rate) :], rate)


@dataclass(frozen=True)
class Table:
    """Hashes of many recordings.

    Attributes
    ----------
    keys : uint32 ndarray [h]
        Four pitches and three times between them, folded.
    owners, starts : int32 ndarray [h]
        Which recording a hash is of, and in which frame it begins.
    """

    keys: np.ndarray
    owners: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, prints):
        """Return the table of a list of peaks, as `peaks` gives them."""
        owner = np.repeat(np.arange(len(prints), dtype=np.int32), [len(p) for p in prints])
        code = np.concatenate([*prints, np.zeros(0, np.int32)])
        time, pitch = code >> 8, (code & 255).astype(np.int64)
        parts = [_hashes(time, pitch, owner, chosen) for chosen in _chosen()]
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def sorted(self):
        """Return it in the order of the keys, without those that are too common."""
        order = np.argsort(self.keys)
        keys = self.keys[order]
        begins = np.flatnonzero(np.diff(keys, prepend=keys[:1] ^ 1))
        counts = np.diff(begins, append=len(keys))
        kept = np.repeat(counts <= COMMON, counts)
        order = order[kept]
        return Table(keys[kept], self.owners[order], self.starts[order])


def _chosen():
    return [(0, *rest) for rest in combinations(range(1, TARGETS + 1), 3)]


def _hashes(time, pitch, owner, chosen):
    n = max(len(time) - chosen[-1], 0)
    key, first = pitch[:n], time[:n]
    for place in chosen[1:]:
        later = np.clip(time[place : place + n] - first, 0, REACH)
        key = (key << 8 | pitch[place : place + n]) << 6 | later
    last = slice(chosen[-1], chosen[-1] + n)
    kept = (owner[last] == owner[:n]) & (time[last] - first < REACH)
    folded = (key[kept].astype(np.uint64) * FOLD >> np.uint64(32)).astype(np.uint32)
    return folded, owner[:n][kept], first[kept]


def candidates(known, asked):
    """Return which recordings share hashes at one offset, well apart in time.

    Parameters
    ----------
    known : Table
        Sorted.
    asked : Table
        Of other recordings.

    Returns
    -------
    owners : int64 ndarray [c, 2]
        A recording of `known` and one of `asked`.
    offsets : int64 ndarray [c]
        Frames by which the second begins after the first.
    """
    asked = asked.sorted()
    low = np.searchsorted(known.keys, asked.keys)
    hit = np.flatnonzero(known.keys[np.minimum(low, len(known.keys) - 1)] == asked.keys)
    low = low[hit]
    counts = np.searchsorted(known.keys, asked.keys[hit], "right") - low
    of_asked = np.repeat(hit, counts)
    of_known = np.arange(len(of_asked)) + np.repeat(low - np.cumsum(counts) + counts, counts)
    pair = np.stack([known.owners[of_known], asked.owners[of_asked]], axis=1).astype(np.int64)
    offset = (known.starts[of_known] - asked.starts[of_asked]).astype(np.int64)
    order = np.lexsort([offset, pair[:, 1], pair[:, 0]])
    pair, offset, start = pair[order], offset[order], asked.starts[of_asked][order]
    if not len(offset):
        return pair, offset
    new = (np.diff(pair, axis=0) != 0).any(axis=1) | (np.diff(offset) > 1)
    begins = np.concatenate([[0], np.flatnonzero(new) + 1])
    span = np.maximum.reduceat(start, begins) - np.minimum.reduceat(start, begins)
    sizes = np.diff([*begins, len(offset)])
    middle = np.round(np.add.reduceat(offset, begins) / sizes).astype(np.int64)
    kept = span >= SPAN
    return pair[begins][kept], middle[kept]


def overlap(first, second, offset):
    """Return how many peaks fall together, and how many could.

    Parameters
    ----------
    first, second : int32 ndarray
        Peaks of two recordings.
    offset : int
        Frames by which the second begins after the first.

    Returns
    -------
    hits, possible : int
        Peaks of the second within a frame and a bin of one of the first; peaks in the common time
        of whichever has fewer there: what is silent beside a loud passage has none.
    """
    moved = second.astype(np.int64) + 256 * offset
    if not (len(first) and len(moved)):
        return 0, 0
    low, high = max(first[0], moved[0]) - 512, min(first[-1], moved[-1]) + 512
    first, moved = (part[(part >= low) & (part <= high)] for part in (first, moved))
    near = [first + (256 * frames + bins) for frames in (-1, 0, 1) for bins in (-1, 0, 1)]
    return int(np.isin(moved, np.concatenate(near)).sum()), min(len(first), len(moved))


def same(first, second, offset):
    """Return the share of peaks that fall together, 0 where it is too small to tell.

    Parameters
    ----------
    first : ndarray
        Peaks of a recording.
    second : tuple of ndarray
        A fingerprint.
    offset : int
        Frames.
    """
    counts = [overlap(first, shifted, offset) for shifted in second]
    hits, possible = max(counts, key=lambda count: count[0])
    share = hits / max(possible, 1)
    return share if hits >= HITS and share >= SHARE else 0.0
