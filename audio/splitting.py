"""Splits: whole speakers (or texts) to one side, each class and attack in like shares."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from audio.manifest import LABELS, SPLITS, require_disjoint
from experiment.errors import DataError
from experiment.seeds import rng

SHARES = {"train": 0.6, "dev": 0.2, "test": 0.2}


class Splits(NamedTuple):
    """The parts of a manifest.

    Attributes
    ----------
    train, dev, test : DataFrame
        Rows to train on, to choose by, and to report.
    """

    train: pd.DataFrame
    dev: pd.DataFrame
    test: pd.DataFrame


def splits(frame: pd.DataFrame, seed: int | None = None) -> Splits:
    """Return train, dev and test of a manifest.

    Parameters
    ----------
    frame : DataFrame
        A manifest.
    seed : int, optional
        Deal the speakers anew by this seed; without it the manifest's own splits hold.

    Returns
    -------
    Splits
        Three manifests; no speaker is in two of them.

    Raises
    ------
    DataError
        If two of the manifest's own splits share a speaker, a text or a clip.

    Examples
    --------
    >>> import audio
    >>> train, dev, test = audio.splits(audio.load("starter", "tiny"))
    >>> set(train["speaker"]) & set(test["speaker"])
    set()
    """
    if seed is None:
        require_disjoint(frame)
    else:
        frame = frame.assign(split=deal(frame, seed))
    return Splits(*(frame[frame["split"] == name] for name in SPLITS))


def units(frame, by):
    """Return what is kept together: the values of a column; an unknown one is the clip alone."""
    return frame[by].where(frame[by] != "", frame["name"])


def deal(
    frame: pd.DataFrame, seed: int = 0, shares: dict[str, float] | None = None, by: str = "speaker"
) -> list[str]:
    """Return the split of each clip; a speaker goes to one split as a whole.

    Parameters
    ----------
    frame : DataFrame
        A manifest; an empty speaker is unknown.
    seed : int
        Of the order in which speakers are dealt.
    shares : dict of str to float, optional
        Share of the clips of each class by split; 0.6, 0.2, 0.2 by default.
    by : str
        Column whose values no two splits share.

    Returns
    -------
    list of str
        One per row.
    """
    shares = shares or SHARES
    kept = units(frame, by)
    counts = frame.groupby([kept, "label"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=LABELS, fill_value=0).sort_index()
    names, counts = list(counts.index), counts.to_numpy(float)
    owed = np.array(list(shares.values()))[:, None] * counts.sum(axis=0)
    found = {}
    for place in rng(seed, "deal").permutation(len(names)):
        split = int(np.argmax(owed @ counts[place]))
        owed[split] -= counts[place]
        found[names[place]] = list(shares)[split]
    return [found[unit] for unit in kept]


def folds(frame: pd.DataFrame, count: int, seed: int = 0, by: str = "speaker") -> np.ndarray:
    """Return the fold of each clip, for cross-validation.

    Parameters
    ----------
    frame : DataFrame
        A manifest.
    count : int
        Number of folds.
    seed : int
        Of the deal.
    by : str
        Column whose values no two folds share; attacks are spread as evenly as that allows. With
        ``name``, folds are stratified only.

    Returns
    -------
    ndarray [clips] of int
        0 to count - 1.

    Raises
    ------
    DataError
        If there are fewer values than folds.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    kept = units(frame, by)
    if kept.nunique() < count:
        raise DataError(f"{kept.nunique()} values of {by} for {count} folds; take fewer folds")
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    found = np.empty(len(frame), int)
    for number, (_, rows) in enumerate(splitter.split(kept, frame["attack"], kept)):
        found[rows] = number
    return found
