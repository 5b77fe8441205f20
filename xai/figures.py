"""Figures a paper could print: maps over spectrograms, evidence by band, deletion curves.

Colours are safe for colour-blind readers (Okabe and Ito; the diverging map runs from violet,
against the target, through white to brown, for it).
"""

import numpy as np

from audio.draw import pyplot, spectrogram_db

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
SIGNED = "PuOr_r"


def overlay(axes, samples, rate, explanation):
    """Draw a map over the spectrogram of what was explained.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    samples : ndarray [n]
        The part of the clip that the front end looks at.
    rate : int
        In Hz.
    explanation : Explanation
        Of this clip.

    Returns
    -------
    matplotlib.collections.QuadMesh
        The map, for a colour bar; limits are symmetric.
    """
    gray(axes, samples, rate)
    heat = explanation.heat.T
    top = float(np.quantile(np.abs(heat), 0.995)) or float(np.abs(heat).max()) or 1.0
    strength = np.clip(np.abs(heat) / top, 0, 1)
    axes.set_title(f"{explanation.method}, for {explanation.target}", fontsize=10)
    return axes.pcolormesh(
        explanation.times,
        explanation.frequencies / 1000,
        heat,
        shading="nearest",
        cmap=SIGNED,
        vmin=-top,
        vmax=top,
        alpha=0.85 * strength**0.7,
        linewidth=0,
        rasterized=True,
    )


def gray(axes, samples, rate):
    """Draw a spectrogram in gray, with axes in seconds and kHz."""
    times, frequencies, levels = spectrogram_db(samples, rate)
    extent = (times[0], times[-1], frequencies[0] / 1000, frequencies[-1] / 1000)
    axes.imshow(
        levels, origin="lower", aspect="auto", cmap="gray_r", extent=extent, vmin=-70, vmax=0
    )
    axes.set(xlabel="time (s)", ylabel="frequency (kHz)")
    axes.set(xlim=(0, len(samples) / rate), ylim=(0, rate / 2000))


def panel(samples, rate, explanations, title=""):
    """Return a figure of one clip: its spectrogram, and each method's map over it.

    Parameters
    ----------
    samples : ndarray [n]
        The part of the clip that the front end looks at.
    rate : int
        In Hz.
    explanations : sequence of Explanation
        Of this clip.
    title : str
        Above all.

    Returns
    -------
    matplotlib.figure.Figure
        Four pictures in a row; brown is evidence for the target, violet against it.
    """
    plt = pyplot()
    count = len(explanations) + 1
    columns = min(4, count)
    rows = -(-count // columns)
    figure, grid = plt.subplots(
        rows, columns, figsize=(3.2 * columns, 2.4 * rows), squeeze=False, layout="constrained"
    )
    gray(grid.flat[0], samples, rate)
    grid.flat[0].set_title("spectrogram", fontsize=10)
    for axes, explanation in zip(list(grid.flat)[1:], explanations, strict=False):
        overlay(axes, samples, rate, explanation)
    for axes in grid.flat[count:]:
        axes.set_visible(False)
    for number, axes in enumerate(grid.flat):
        axes.label_outer()
        axes.tick_params(labelbottom=number + columns >= count)
        axes.set_xlabel("time (s)" if number + columns >= count else "")
    figure.suptitle(title, fontsize=11)
    return figure


def bands_figure(frame, by=("label", "attack"), ylabel="share of the evidence"):
    """Return a figure of the evidence in each band.

    Parameters
    ----------
    frame : DataFrame
        From `xai.bands.table` or `xai.bands.difference`.
    by : sequence of str
        Columns that make a curve.
    ylabel : str
        What the values are.

    Returns
    -------
    matplotlib.figure.Figure
        One picture a method: mean share with its interval; the dashes are a map without
        preference.
    """
    plt = pyplot()
    methods = list(frame.method.unique())
    figure, grid = plt.subplots(
        1,
        len(methods),
        figsize=(0.8 + 3.6 * len(methods), 3.4),
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for axes, method in zip(grid.flat, methods, strict=True):
        part = frame[frame.method == method]
        for number, (names, group) in enumerate(part.groupby(list(by), sort=True)):
            _interval_bars(axes, group, number, ", ".join(filter(None, map(str, names))))
        flat = part.drop_duplicates("band_low").sort_values("band_low")
        axes.plot(range(len(flat)), flat.flat, "k--", linewidth=0.8, label="no preference")
        labels = band_names(flat.band_low, flat.band_high)
        axes.set_xticks(range(len(flat)), labels, rotation=45, fontsize=8)
        axes.set_title(method, fontsize=10)
        axes.set_xlabel("band (kHz)")
    grid.flat[0].set_ylabel(ylabel)
    grid.flat[-1].legend(fontsize=7, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def bands_grid(frame, by=("label", "attack")):
    """Return the evidence in each band as a grid of numbers, for more groups than curves can show.

    Parameters
    ----------
    frame : DataFrame
        From `xai.bands.table`.
    by : sequence of str
        Columns that make a row.

    Returns
    -------
    matplotlib.figure.Figure
        One grid a method: mean share in percent, coloured by its difference from a map without
        preference; bold where the interval excludes that.
    """
    plt = pyplot()
    frame = frame.assign(row=frame[list(by)].astype(str).agg(_row_name, axis=1))
    rows, methods = list(dict.fromkeys(frame.row)), list(frame.method.unique())
    size = (1.6 + 3.2 * len(methods), 1.3 + 0.27 * len(rows))
    figure, grid = plt.subplots(1, len(methods), figsize=size, squeeze=False, layout="constrained")
    top = float((frame.value - frame.flat).abs().max())
    for axes, method in zip(grid.flat, methods, strict=True):
        image = _shares(axes, frame[frame.method == method], rows, top)
        axes.set_title(method, fontsize=10)
        axes.set_yticks(range(len(rows)), rows if axes is grid.flat[0] else [])
    figure.colorbar(image, ax=list(grid.flat), label="share less that of no preference")
    return figure


def _shares(axes, part, rows, top):
    wide = part.pivot(index="row", columns="band_low", values=["value", "flat", "low", "high"])
    wide = wide.reindex(rows).astype(float)  # a method may have no evidence for a row
    value, flat, low, high = (wide[n].to_numpy() for n in ("value", "flat", "low", "high"))
    image = axes.imshow(value - flat, cmap=SIGNED, vmin=-top, vmax=top, aspect="auto")
    ink = np.where(np.abs(value - flat) > 0.65 * top, "white", "black")
    weight = np.where((low > flat) | (high < flat), "bold", "normal")
    for row, column in np.argwhere(np.isfinite(value)):
        look = {"color": ink[row, column], "weight": weight[row, column], "fontsize": 8}
        text = f"{100 * value[row, column]:.0f}"
        axes.text(column, row, text, ha="center", va="center", **look)
    edges = part.drop_duplicates("band_low").sort_values("band_low")
    names = band_names(edges.band_low, edges.band_high)
    axes.set_xticks(range(len(names)), names, rotation=45, fontsize=8)
    axes.set_xlabel("band (kHz)")
    axes.tick_params(length=0)
    return image


def _row_name(names):
    return names.iloc[-1] or names.iloc[0].replace("bonafide", "bona fide")


def band_names(low, high):
    """Return names of bands in kHz, from their edges in Hz."""
    return [f"{a / 1000:g}\u2013{b / 1000:g}" for a, b in zip(low, high, strict=True)]


def _interval_bars(axes, group, number, label):
    group = group.sort_values("band_low")
    value = group.value.to_numpy()
    spread = np.abs(group[["low", "high"]].to_numpy().T - value)
    offset = np.arange(len(value)) + 0.06 * (number - 2)
    axes.errorbar(
        offset,
        value,
        np.nan_to_num(spread),
        color=COLOURS[number % len(COLOURS)],
        marker="osD^v<>p"[number % 8],
        markersize=4,
        linewidth=1,
        elinewidth=0.8,
        label=f"{label} (n = {int(group.n.max())})",
    )


def curves_figure(frame):
    """Return a figure of mean deletion and insertion curves.

    Parameters
    ----------
    frame : DataFrame
        From `xai.faithfulness.curves`, of one fill.

    Returns
    -------
    matplotlib.figure.Figure
        Deletion beside insertion; baselines are dashed.
    """
    plt = pyplot()
    figure, grid = plt.subplots(1, 2, figsize=(8.4, 3.2), sharey=True, layout="constrained")
    for axes, kind in zip(grid, ("deletion", "insertion"), strict=True):
        for number, (method, group) in enumerate(frame.groupby("method", sort=False)):
            mean = group.groupby("share")[kind].mean()
            style = "--" if method in ("random", "energy", "centre") else "-"
            axes.plot(mean.index, mean, style, color=COLOURS[number % len(COLOURS)], label=method)
        axes.set(title=kind, xlabel="share of the plane " + VERB[kind])
    grid[0].set_ylabel("logit for the target")
    grid[1].legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    return figure


VERB = {"deletion": "removed", "insertion": "restored"}
