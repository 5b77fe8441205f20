"""Figures of detection: ROC, DET, precision against recall, confusion, histograms, calibration.

Colours and line styles are those of Okabe and Ito, which colour-blind readers can tell apart.
"""

import numpy as np

from detect.evaluation.intervals import by_class, confusion, det_band, threshold_of
from detect.evaluation.metrics import operating_points

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
STYLES = ("-", "--", "-.", ":")
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9)


def _axes(width=4.4, height=4.0):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _legend(figure, axes):
    """Name the curves below the axes, where none of them runs."""
    handles, names = axes.get_legend_handles_labels()
    figure.set_figheight(figure.get_figheight() + 0.22 * len(names))
    figure.legend(handles, names, loc="outside lower center", frameon=False)


def _look(index):
    return {"color": COLOURS[index % len(COLOURS)], "linestyle": STYLES[index % len(STYLES)]}


def _points(sets):
    for index, (name, scores) in enumerate(sets.items()):
        yield name, operating_points(*by_class(scores)), _look(index)


def roc(sets):
    """Return the receiver operating characteristic.

    Parameters
    ----------
    sets : dict of str to DataFrame
        Scores frames of one split, by name.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = _axes()
    for name, points, look in _points(sets):
        axes.plot(points.false_alarm, 1 - points.miss, label=name, **look)
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
    axes.set(xlabel="spoofs accepted", ylabel="bona fide accepted", xlim=(0, 1), ylim=(0, 1))
    _legend(figure, axes)
    return figure


def det(sets, *, band=True, repeats=200, seed=0):
    """Return the detection error tradeoff on normal-deviate axes, with its equal error rates.

    Parameters
    ----------
    sets : dict of str to DataFrame
        Scores frames of one split, by name.
    band : bool
        Draw 95 % intervals by speaker, at each false alarm rate for itself.
    repeats, seed : int
        Draws of speakers, and their seed.

    Returns
    -------
    matplotlib.figure.Figure

    Notes
    -----
    Source: A. Martin et al., *The DET curve in assessment of detection task performance*,
    Eurospeech 1997.
    """
    from scipy.stats import norm

    figure, axes = _axes()
    grid = norm.cdf(np.linspace(norm.ppf(0.005), norm.ppf(0.95), 80))
    for name, points, look in _points(sets):
        rate = float(points.equal_error_rate)
        x, y = (_probit(rates) for rates in (points.false_alarm, points.miss))
        axes.plot(x, y, label=f"{name}, EER {100 * rate:.1f} %", **look)
        if band:
            low, _, high = det_band(sets[name], grid, repeats=repeats, seed=seed)
            inside = {"color": look["color"], "alpha": 0.15, "linewidth": 0}
            axes.fill_between(_probit(grid), _probit(low), _probit(high), **inside)
    limits = norm.ppf([0.005, 0.95])
    labels = [f"{100 * tick:g}" for tick in TICKS]
    axes.plot(limits, limits, color="0.7", linewidth=0.8)
    axes.set_xticks(norm.ppf(TICKS), labels)
    axes.set_yticks(norm.ppf(TICKS), labels)
    axes.set(xlabel="spoofs accepted (%)", ylabel="bona fide rejected (%)")
    axes.set(xlim=limits, ylim=limits)
    _legend(figure, axes)
    return figure


def _probit(rates):
    from scipy.stats import norm

    return norm.ppf(np.clip(rates, 1e-4, 1 - 1e-4))


def precision_recall(sets):
    """Return precision against recall of the spoof class.

    Parameters
    ----------
    sets : dict of str to DataFrame
        Scores frames of one split, by name.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = _axes()
    for index, (name, scores) in enumerate(sets.items()):
        bonafide, spoof = by_class(scores)
        points = operating_points(bonafide, spoof)
        caught = (1 - points.false_alarm[1:]) * len(spoof)
        missed = points.miss[1:] * len(bonafide)
        axes.plot(caught / len(spoof), caught / (caught + missed), label=name, **_look(index))
    axes.set(xlabel="recall of spoofs", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02))
    _legend(figure, axes)
    return figure


def confusion_matrix(scores):
    """Return the counts and shares of decisions at the threshold from dev.

    Parameters
    ----------
    scores : DataFrame
        Scores of one detector.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = _axes(3.4, 3.0)
    counts = confusion(scores)
    share = counts.div(counts.sum(axis=1), axis=0).to_numpy()
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (row, column), value in np.ndenumerate(counts.to_numpy()):
        text = f"{value}\n{100 * share[row, column]:.0f} %"
        colour = "white" if share[row, column] > 0.5 else "black"
        axes.text(column, row, text, ha="center", va="center", color=colour)
    axes.set_xticks([0, 1], ["bona fide", "spoof"])
    axes.set_yticks([0, 1], ["bona fide", "spoof"], rotation=90, va="center")
    axes.set(xlabel="called", ylabel="is")
    return figure


def histogram(scores, bins=40):
    """Return the distributions of scores of bona fide clips and of each attack.

    Parameters
    ----------
    scores : DataFrame
        Scores of one detector.
    bins : int
        Number of bars.

    Returns
    -------
    matplotlib.figure.Figure
    """
    parts = dict(list(scores.groupby("attack", sort=True)))
    figure, axes = _axes(5.6, 1.0 + 0.42 * len(parts))
    edges = np.histogram_bin_edges(scores["score"], bins)
    for place, (attack, part) in enumerate(parts.items()):
        share = np.histogram(part["score"], edges)[0] / len(part)
        colour = COLOURS[1] if attack else COLOURS[0]
        axes.stairs(
            place - 0.85 * share / share.max(), edges, baseline=place, fill=True, color=colour
        )
        axes.axhline(place, color="0.8", linewidth=0.6)
    axes.axvline(threshold_of(scores), color="0.2", linewidth=0.9)
    axes.set_yticks(range(len(parts)), [attack or "bona fide" for attack in parts])
    axes.set(xlabel="log-likelihood ratio (the line is the threshold)", ylabel="share of clips")
    axes.set_ylim(len(parts) - 0.8, -1)
    axes.tick_params(axis="y", length=0)
    return figure


def reliability(scores, bins=10):
    """Return how often clips are bona fide, against how often their scores say so.

    Parameters
    ----------
    scores : DataFrame
        Scores of one detector; the classes are weighted to count the same.
    bins : int
        Number of groups of equal size.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = _axes()
    bonafide, spoof = by_class(scores)
    values = np.concatenate([bonafide, spoof])
    weight = np.repeat([0.5 / len(bonafide), 0.5 / len(spoof)], [len(bonafide), len(spoof)])
    real = np.arange(len(values)) < len(bonafide)
    said, found = [], []
    for rows in np.array_split(np.argsort(values, kind="stable"), bins):
        said.append(np.average(1 / (1 + np.exp(-values[rows])), weights=weight[rows]))
        found.append(np.average(real[rows], weights=weight[rows]))
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
    axes.plot(said, found, marker="o", color=COLOURS[0])
    axes.set(xlabel="said: probability of bona fide", ylabel="found: share of bona fide")
    return figure


def intervals(rows, name, label, reference=None):
    """Return one number per line with its interval.

    Parameters
    ----------
    rows : DataFrame
        With the column `name`, and value, low, high.
    name : str
        Column of what stands beside the axis, first on top.
    label : str
        Of the axis of values.
    reference : str, optional
        The row whose value is drawn as a line through all.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = _axes(5.6, 0.9 + 0.3 * len(rows))
    value, low, high = (rows[column].to_numpy(float) for column in ("value", "low", "high"))
    ends = np.nan_to_num(np.abs(np.stack([value - low, high - value])))
    axes.errorbar(value, range(len(rows)), xerr=ends, fmt="o", color=COLOURS[0])
    if reference is not None:
        axes.axvline(value[list(rows[name]).index(reference)], color="0.6", linewidth=0.8)
    axes.set_yticks(range(len(rows)), rows[name])
    axes.invert_yaxis()
    axes.set_xlabel(f"{label}, 95 % intervals by speaker")
    axes.grid(axis="x", alpha=0.3)
    return figure


def learning_curves(curves):
    """Return the losses of each epoch.

    Parameters
    ----------
    curves : list of dict
        With epoch, loss and dev_loss, as in ``detector.training["curves"]``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = _axes(4.4, 3.0)
    epochs = [row["epoch"] + 1 for row in curves]
    for index, (name, label) in enumerate([("loss", "training"), ("dev_loss", "development")]):
        axes.plot(epochs, [row[name] for row in curves], label=label, **_look(index))
    axes.set(xlabel="epoch", ylabel="loss")
    axes.legend(frameon=False)
    return figure
