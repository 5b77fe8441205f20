"""Is one method better than another? Paired differences, counted by speaker."""

import numpy as np
import pandas as pd

from experiment.bootstrap import interval
from experiment.seeds import rng


def paired(frame, measure, rival, manifest, *, keys=("name", "target"), seed=0, repeats=2000):
    """Compare every method with a rival on the same clips.

    Parameters
    ----------
    frame : DataFrame
        One row per clip and method, with the column `measure`.
    measure : str
        Higher is better.
    rival : str
        Method to compare with.
    manifest : DataFrame
        With ``name`` and ``speaker``.
    keys : tuple of str
        Columns that make a pair.
    seed, repeats : int
        Of bootstrap and permutation.

    Returns
    -------
    DataFrame
        ``method``, the fields of `experiment.bootstrap.Interval` for the mean difference, and ``p``
        of a two-sided sign-flip test on the speakers' sums.
    """
    speakers = manifest.drop_duplicates("name").set_index("name").speaker
    wide = frame.pivot_table(measure, list(keys), "method", dropna=False)
    rows = []
    for method in wide.columns.drop(rival):
        gain = (wide[method] - wide[rival]).dropna()
        groups = speakers.loc[gain.index.get_level_values("name")].to_numpy()
        found = mean_interval(gain, groups, seed, repeats)
        rows.append({"method": method, **found, "p": sign_flip(gain, groups, seed, repeats)})
    return pd.DataFrame(rows)


def mean_interval(values, speakers, seed=0, repeats=1000):
    """Return a mean with its interval by speaker, as a dict."""
    values = np.asarray(values, float)
    found = interval(lambda index: values[index].mean(), speakers, repeats=repeats, seed=seed)
    return found.to_dict()


def sign_flip(values, groups, seed=0, repeats=2000):
    """Return the p-value of a two-sided sign-flip permutation test whose units are groups.

    Parameters
    ----------
    values : array_like [n]
        Paired differences.
    groups : array_like [n]
        Whose signs are flipped together.
    seed, repeats : int
        Of the flips.

    Returns
    -------
    float
        At least ``1 / (repeats + 1)``.

    Notes
    -----
    Source: P. Good, *Permutation, parametric and bootstrap tests of hypotheses*, 3rd edition 2005,
    section 3.2.
    """
    _, label = np.unique(groups, return_inverse=True)
    sums = np.bincount(label, np.asarray(values, float))
    signs = rng(seed, "sign flip").choice([-1.0, 1.0], size=(repeats, len(sums)))
    extreme = np.abs(signs @ sums) >= np.abs(sums.sum()) * (1 - 1e-12)
    return float((extreme.sum() + 1) / (repeats + 1))
