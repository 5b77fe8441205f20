"""Do maps tell the truth? Deletion and insertion beside random, and agreement between methods.

Deletion removes superpixels from the highest heat down and watches the logit fall; insertion puts
them back into the fill and watches it rise (Petsiuk, Das and Saenko, BMVC 2018, section 3.3). Both
depend on the fill, and on an unlucky fill random maps beat the truth, so each figure stands beside
that of random maps and of the sound's own energy under the same fill, as a difference in logits.
"""

from itertools import combinations, groupby

import numpy as np
import pandas as pd

from experiment.errors import UsageError
from experiment.seeds import rng
from xai.baselines import BASELINES
from xai.canvas import evidence, make_canvas
from xai.runner import TARGETS
from xai.significance import mean_interval
from xai.subject import Subject
from xai.superpixels import Grid, cell_means

KEYS = ["name", "target", "method", "fill"]


def curves(
    detector,
    clips,
    explanations,
    *,
    fill="mean",
    grid=None,
    steps=10,
    randoms=5,
    seed=0,
    background=(),
    domain="auto",
):
    """Remove and restore superpixels in the order of each map, and of the baselines.

    Parameters
    ----------
    detector : detect.use.detector.Detector
        The detector that was explained.
    clips : sequence of Clip
        The clips that were explained.
    explanations : sequence of Explanation
        Of any methods and targets.
    fill : str
        Key of `xai.fills.FILLS`.
    grid : Grid, optional
        Superpixels in Hz and milliseconds.
    steps : int
        Points of a curve after the first, equally spaced in the area removed.
    randoms : int
        Random maps a clip.
    seed : int
        Seed of random maps, random fills and ties.
    background, domain
        As for `xai.explain`.

    Returns
    -------
    DataFrame
        ``name, target, method, fill, share, deletion, insertion``: logits for the target after a
        share of the plane was removed or restored. Baselines are rows of method ``random`` (the
        mean of its maps) and ``energy``.

    Raises
    ------
    UsageError
        If an explanation has other axes than the detector has in this domain.
    """
    shares = np.linspace(0, 1, steps + 1)
    position = {clip.name: index for index, clip in enumerate(clips)}
    subjects = {
        target: Subject(detector, tuple(clips), sign, tuple(background), domain)
        for target, sign in TARGETS.items()
    }
    frames = []
    for (clip, target), group in grouped(explanations):
        subject, index = subjects[target], position[clip]
        canvas = make_canvas(subject, index, grid, fill, seed)
        maps = [(e.method, e.heat) for e in group] + rivals(subject, index, randoms, seed)
        orders = [order(heat, canvas.cells, rng(seed, "ties", clip)) for _, heat in maps]
        removed = np.concatenate([removals(o, canvas.cells, shares) for o in orders])
        answers = evidence(canvas, np.concatenate([1 - removed, removed]).astype(np.float32))
        columns = {
            "method": np.repeat([method for method, _ in maps], len(shares)),
            "share": np.tile(shares, len(maps)),
            "deletion": answers[: len(removed)],
            "insertion": answers[len(removed) :],
        }
        frames.append(pd.DataFrame(columns).assign(name=clip, target=target, fill=fill))
    return pd.concat(frames).groupby([*KEYS, "share"], sort=False, as_index=False).mean()


def grouped(explanations):
    """Yield explanations of one clip and target together."""

    def key(e):
        return e.name, e.target

    return groupby(sorted(explanations, key=key), key)


def rivals(subject, index, randoms, seed):
    """Return the baselines' maps of one clip, as pairs of a name and [frames, bands]."""
    one = Subject(subject.detector, subject.clips[index : index + 1], 1, (), subject.domain)
    draws = [("random", BASELINES["random"](one, seed=seed + k)[0]) for k in range(randoms)]
    return [*draws, ("energy", BASELINES["energy"](one)[0])]


def order(heat, cells, generator):
    """Return superpixels from the highest mean heat down, ties in random order, [P]."""
    if heat.shape != cells.shape:
        raise UsageError(
            f"a map of {heat.shape} does not lie on the detector's plane of {cells.shape}; "
            "pass the domain that it was explained in"
        )
    values = cell_means(heat, cells)
    return np.lexsort((generator.random(len(values)), -values))


def removals(ranking, cells, shares):
    """Return which superpixels are gone at each share of the area, bool [len(shares), P]."""
    area = np.bincount(cells.ravel())[ranking] / cells.size
    middle = np.cumsum(area) - area / 2
    gone = np.empty((len(shares), len(ranking)), bool)
    gone[:, ranking] = middle[None, :] < np.asarray(shares)[:, None]
    return gone


def areas(frame):
    """Return the mean height of each curve.

    Parameters
    ----------
    frame : DataFrame
        From `curves`.

    Returns
    -------
    DataFrame
        ``name, target, method, fill, deletion, insertion`` in logits. A faithful map has a low
        deletion and a high insertion.
    """
    weight = np.where(frame.share.isin([0, 1]), 0.5, 1.0)
    weighted = frame[["deletion", "insertion"]].mul(weight, axis=0).assign(weight=weight)
    total = weighted.groupby([frame[key] for key in KEYS], sort=False).sum()
    return total[["deletion", "insertion"]].div(total.weight, axis=0).reset_index()


def gains(frame, rival="random"):
    """Return how many logits each map is better than a baseline on the same clip.

    Parameters
    ----------
    frame : DataFrame
        From `areas`.
    rival : str
        A method in it.

    Returns
    -------
    DataFrame
        ``name, target, method, fill, deletion, insertion``; positive where the map beats `rival`.
    """
    keys = ["name", "target", "fill"]
    beside = frame.merge(frame[frame.method == rival], on=keys, suffixes=("", "_rival"))
    beside["deletion"] = beside.deletion_rival - beside.deletion
    beside["insertion"] = beside.insertion - beside.insertion_rival
    return beside.loc[beside.method != rival, [*KEYS, "deletion", "insertion"]]


def agreement(explanations, grid=None, top=0.1, seed=0):
    """Compare maps of the same clip and target by different methods, superpixel by superpixel.

    Parameters
    ----------
    explanations : sequence of Explanation
        Of at least two methods.
    grid : Grid, optional
        Superpixels in Hz and milliseconds.
    top : float
        Share of the superpixels that counts as the top.
    seed : int
        Seed that breaks ties.

    Returns
    -------
    DataFrame
        ``name, target, first, second, spearman, overlap``: rank correlation (NaN where a map is
        constant) and the share of the top that is common; `top` of it is chance.
    """
    from scipy.stats import spearmanr

    rows = []
    for (clip, target), group in grouped(explanations):
        for a, b in combinations(group, 2):
            cells = [(grid or Grid()).cells(e.times, e.frequencies) for e in (a, b)]
            means = [cell_means(e.heat, c) for e, c in zip((a, b), cells, strict=True)]
            count = max(1, round(top * len(means[0])))
            tops = [
                set(order(e.heat, c, rng(seed, clip, e.method))[:count])
                for e, c in zip((a, b), cells, strict=True)
            ]
            varied = all(np.ptp(m) > 0 for m in means)
            rank = spearmanr(*means).statistic if varied else np.nan
            overlap = len(tops[0] & tops[1]) / count
            rows.append((clip, target, a.method, b.method, rank, overlap))
    return pd.DataFrame(rows, columns=["name", "target", "first", "second", "spearman", "overlap"])


def cost(explanations):
    """Return seconds a clip of each method: the median over clips, so that one warm-up hides."""
    rows = [(e.method, e.seconds) for e in explanations]
    return pd.DataFrame(rows, columns=["method", "seconds"]).groupby("method").median()


def summary(frame, manifest, by, values, seed=0, repeats=1000):
    """Return means with intervals by speaker.

    Parameters
    ----------
    frame : DataFrame
        One row per clip and more, with a column ``name``.
    manifest : DataFrame
        With columns ``name`` and ``speaker``, and what else `by` names.
    by : list of str
        Columns whose every combination is a row of the result.
    values : list of str
        Columns to average; NaN are left out and not counted.
    seed, repeats : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        `by`, ``measure`` and the fields of `experiment.bootstrap.Interval`.
    """
    extra = [name for name in manifest.columns if name == "name" or name not in frame.columns]
    joined = frame.merge(manifest[extra].drop_duplicates("name"), on="name")
    rows = []
    for names, group in joined.groupby(by, sort=False):
        for measure in values:
            kept = group.dropna(subset=[measure])
            if len(kept):
                found = mean_interval(kept[measure], kept.speaker, seed, repeats)
                rows.append({**dict(zip(by, names, strict=True)), "measure": measure, **found})
    return pd.DataFrame(rows)
