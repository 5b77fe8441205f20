"""What a generator's clips say about its training: silence, clicks, one tone, collapse, copies.

All measures take audio [clips, samples] and compare generated with real clips, because what is odd
depends on the data.
"""

import numpy as np

from audio.frontends import FRONTENDS
from experiment.errors import DataError

SILENT = 1e-3
CLICKS = 0.5
TONE = 0.5
COLLAPSED = 0.2


def features(audio, rate):
    """Return log-mel spectrograms as vectors.

    Parameters
    ----------
    audio : ndarray [clips, samples]
        At `rate`.
    rate : int
        Sampling rate in Hz.

    Returns
    -------
    ndarray [clips, d], float32
        In units of 20 dB around the clip's mean.
    """
    front = FRONTENDS["logmel"](seconds=audio.shape[1] / rate, rate=rate)
    return front.batch(list(audio)).reshape(len(audio), -1)


def distances(first, second):
    """Return root mean square differences between vectors [n, d] and [m, d], ndarray [n, m]."""
    squares = (first**2).sum(1)[:, None] + (second**2).sum(1) - 2 * first @ second.T
    return np.sqrt(np.maximum(squares, 0) / first.shape[1])


def spread(vectors):
    """Return the mean distance between two different ones of vectors [n, d], n > 1."""
    n = len(vectors)
    return float(distances(vectors, vectors).sum() / (n * (n - 1)))


def nearest(vectors, known):
    """Return index and distance of the nearest known vector.

    Parameters
    ----------
    vectors : ndarray [n, d]
        Generated clips, see `features`.
    known : ndarray [m, d]
        Training clips.

    Returns
    -------
    index : ndarray [n] of int
        Into `known`.
    distance : ndarray [n]
        Root mean square difference, in units of 20 dB.
    """
    table = distances(vectors, known)
    index = table.argmin(1)
    return index, table[np.arange(len(table)), index]


def measure(audio, real, rate):
    """Return measures of generated clips beside those of real ones.

    Parameters
    ----------
    audio, real : ndarray [clips, samples]
        At least two of each.
    rate : int
        Sampling rate in Hz.

    Returns
    -------
    dict of str to float
        ``finite``, ``silent``, ``clicks`` and ``tone``: shares of the generated clips; ``spread``:
        mean distance between generated clips, as a share of that between real ones; ``nearest``:
        median distance to the nearest real clip, as a share of that distance among real ones; both
        NaN where the real clips are all the same.

    Raises
    ------
    DataError
        If there are fewer than two clips of a kind.
    """
    if min(len(audio), len(real)) < 2:
        raise DataError(f"{len(audio)} generated, {len(real)} real clips; two of each are needed")
    finite = np.isfinite(audio).all(axis=1)
    if not finite.all():
        return {"finite": float(finite.mean())}
    silent = np.abs(audio).max(axis=1) < SILENT
    generated, known = features(audio, rate), features(real, rate)
    among = distances(known, known) + np.diag(np.full(len(known), np.inf))
    closest = np.median(nearest(generated, known)[1])
    return {
        "finite": 1.0,
        "silent": float(silent.mean()),
        "clicks": float(((_loudest(audio) > CLICKS) & ~silent).mean()),
        "tone": float(((_purest(audio) > TONE) & ~silent).mean()),
        "spread": _share(spread(generated), spread(known)),
        "nearest": _share(closest, np.median(among.min(1))),
    }


def _share(value, whole):
    return float(value / whole) if whole > 0 else float("nan")


def _loudest(audio):
    """Return the share of energy in the loudest thousandth of the samples of each clip."""
    energy = np.sort(audio.astype("float64") ** 2, axis=1)
    return energy[:, -max(audio.shape[1] // 1000, 1) :].sum(1) / np.maximum(energy.sum(1), 1e-20)


def _purest(audio):
    """Return the share of energy within 1 in 1000 of the spectrum around its peak, of each clip."""
    power = np.abs(np.fft.rfft(audio * np.hanning(audio.shape[1]))) ** 2
    width = max(power.shape[1] // 1000, 3)
    sums = np.lib.stride_tricks.sliding_window_view(power, width, axis=1).sum(-1)
    return sums.max(1) / np.maximum(power.sum(1), 1e-20)


def findings(measures):
    """Return what is wrong, in words.

    Parameters
    ----------
    measures : dict
        From `measure`.

    Returns
    -------
    list of str
        Empty for a generator in good health.
    """
    if measures["finite"] < 1:
        return ["diverged: numbers that are not finite"]
    found = []
    for name, words in (("silent", "silence"), ("clicks", "clicks"), ("tone", "one tone")):
        if measures[name] > 0.5:
            found.append(f"{words} in {measures[name]:.0%} of the clips")
    if measures["spread"] < COLLAPSED:
        found.append(f"little variety: clips differ {measures['spread']:.2f} times as much as real")
    return found
