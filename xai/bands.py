"""Where in frequency a detector looks: the share of the evidence in each band of Hz."""

import numpy as np
import pandas as pd

from experiment.errors import DataError, choose
from xai.faithfulness import summary
from xai.superpixels import EDGES, band_index

PARTS = {
    "absolute": np.abs,
    "positive": lambda heat: np.maximum(heat, 0),
    "negative": lambda heat: np.maximum(-heat, 0),
}


def shares(explanations, edges=EDGES, part="absolute"):
    """Share the evidence of each explanation out over bands.

    Parameters
    ----------
    explanations : sequence of Explanation
        Of any methods.
    edges : sequence of float [k + 1]
        In Hz.
    part : {"absolute", "positive", "negative"}
        All evidence, or that for or against the target.

    Returns
    -------
    DataFrame
        ``name, target, method, low, high, share, flat``: `share` sums to 1 over the bands of one
        explanation, `flat` is what a map without preference has. Maps without such evidence have
        NaN.
    """
    take = choose(part, PARTS, "part")
    rows = []
    for e in explanations:
        owner = band_index(e.frequencies, edges)
        mass = np.bincount(owner, take(e.heat).sum(axis=0, dtype=float), len(edges) - 1)
        share = mass / mass.sum() if mass.sum() > 0 else np.full(len(mass), np.nan)
        flat = np.bincount(owner, minlength=len(mass)) / len(owner)
        rows += [
            (e.name, e.target, e.method, *values)
            for values in zip(edges[:-1], edges[1:], share, flat, strict=True)
        ]
    names = ["name", "target", "method", "low", "high", "share", "flat"]
    return pd.DataFrame(rows, columns=names)


def table(frame, manifest, by=("label", "attack"), seed=0):
    """Return the mean share of each band, by class and attack, with intervals by speaker.

    Parameters
    ----------
    frame : DataFrame
        From `shares`.
    manifest : DataFrame
        With ``name``, ``speaker`` and what `by` names.
    by : sequence of str
        Columns of the manifest.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        `by`, ``method, target, low, high, flat`` (named ``band_low`` and ``band_high``), ``value``,
        and the fields of `experiment.bootstrap.Interval`.
    """
    bands = frame.rename(columns={"low": "band_low", "high": "band_high"})
    keys = [*by, "method", "target", "band_low", "band_high", "flat"]
    return summary(bands, manifest, keys, ["share"], seed)


def difference(first, second, manifest, by=("label", "attack"), seed=0):
    """Return how the evidence of two detectors on the same clips differs by band.

    Parameters
    ----------
    first, second : DataFrame
        From `shares`, one of each detector: two models, or one trained without and with
        generated fakes.
    manifest : DataFrame
        With ``name``, ``speaker`` and what `by` names.
    by : sequence of str
        Columns of the manifest.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        As `table` gives it; ``value`` is the mean of the share of `second` minus that of `first`,
        paired by clip, target and method, and ``flat`` is 0.

    Raises
    ------
    DataError
        If no map of the one has its like in the other.
    """
    keys = ["name", "target", "method", "low", "high"]
    pairs = first.merge(second, on=keys, suffixes=("_first", "_second"))
    if pairs.empty:
        raise DataError(
            "the two detectors share no clip, target and method: explain the same clips"
        )
    pairs["share"] = pairs.share_second - pairs.share_first
    return table(pairs[[*keys, "share"]].assign(flat=0.0), manifest, by, seed)
