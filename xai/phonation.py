"""Where in time a detector looks: voiced speech, unvoiced speech or silence."""

import numpy as np
import pandas as pd

from experiment.errors import choose
from xai.bands import PARTS

REGIONS = ("voiced", "unvoiced", "silence")
QUIET = -35.0  # dB below the loudest frame
PERIODIC = 0.5  # of the autocorrelation's peak
PITCH = (60.0, 400.0)  # Hz


def regions(samples, times, rate=16000, window=0.04):
    """Return what each frame holds.

    Parameters
    ----------
    samples : ndarray [n]
        One channel.
    times : array_like [frames]
        Centres in seconds.
    rate : int
        In Hz.
    window : float
        Seconds that a frame looks at.

    Returns
    -------
    ndarray [frames] of int
        Index into `REGIONS`. Voiced where the normalised autocorrelation has a peak above 0.5 at
        the lag of a pitch between 60 and 400 Hz; silence 35 dB below the loudest frame.

    Notes
    -----
    Source: L. Rabiner, *On the use of autocorrelation analysis for pitch detection*, IEEE TASSP
    1977, with thresholds of our own.
    """
    half = int(window * rate / 2)
    padded = np.pad(np.asarray(samples, float), (half, 2 * half))
    starts = np.minimum((np.asarray(times) * rate).astype(int), len(samples))
    frames = np.stack([padded[start : start + 2 * half] for start in starts])
    frames = frames - frames.mean(axis=1, keepdims=True)
    power = (frames**2).sum(axis=1)
    spectrum = np.fft.rfft(frames, 4 * half)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[:, : 2 * half]
    lags = slice(int(rate / PITCH[1]), min(int(rate / PITCH[0]), 2 * half))
    peak = correlation[:, lags].max(axis=1) / np.maximum(power, 1e-12)
    quiet = power <= max(power.max(), 1e-12) * 10 ** (QUIET / 10)
    return np.where(quiet, 2, np.where(peak > PERIODIC, 0, 1))


def shares(explanations, signals, rate=16000, part="absolute"):
    """Share the evidence of each explanation out over voiced, unvoiced and silent frames.

    Parameters
    ----------
    explanations : sequence of Explanation
        Of any methods.
    signals : dict
        Samples by the clip's name: the part of each clip that the front end looks at.
    rate : int
        In Hz.
    part : {"absolute", "positive", "negative"}
        As for `xai.bands.shares`.

    Returns
    -------
    DataFrame
        ``name, target, method, region, share, flat``; `flat` is the share of the frames.
    """
    take = choose(part, PARTS, "part")
    rows = []
    for e in explanations:
        index = regions(signals[e.name], e.times, rate)
        mass = np.bincount(index, take(e.heat).sum(axis=1, dtype=float), len(REGIONS))
        share = mass / mass.sum() if mass.sum() > 0 else np.full(len(mass), np.nan)
        flat = np.bincount(index, minlength=len(REGIONS)) / len(index)
        rows += [
            (e.name, e.target, e.method, *values)
            for values in zip(REGIONS, share, flat, strict=True)
        ]
    names = ["name", "target", "method", "region", "share", "flat"]
    return pd.DataFrame(rows, columns=names)
