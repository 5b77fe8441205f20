"""Pictures of a comparison."""

from audio.draw import pyplot
from experiment.files import atomic


def draw_ranking(axes, rows, title):
    """Draw distances with their intervals, nearest on top.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to.
    rows : list of dict
        From `fad.distance.ranking.ranking`.
    title : str
        Embedding and preset.
    """
    for place, row in enumerate(rows):
        axes.plot([row["low"], row["high"]], [place, place], color="#7a9cc6", linewidth=3)
        axes.plot(row["fad"], place, "o", color="#1f4e8c")
    axes.set_yticks(range(len(rows)), [f"{row['set']} ({row['clips']} clips)" for row in rows])
    axes.invert_yaxis()
    axes.set_xlabel("FAD, 95 % interval")
    axes.set_title(title, fontsize=10)
    axes.grid(axis="x", alpha=0.3)


def draw_fit(axes, sets):
    """Draw the lines behind FAD-infinity.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to.
    sets : dict of str to dict
        Name of a set, and its ``infinity`` row with its fit.
    """
    for name, row in sets.items():
        fit = row["fit"]
        dots = [
            (k, d) for line in fit["distances"] for k, d in zip(fit["parts"], line, strict=True)
        ]
        marks = axes.plot(*zip(*dots, strict=True), ".")
        ends = [0, max(fit["parts"])]
        line = [row["value"] + fit["slope"] * k for k in ends]
        label = f"{name}: {row['value']:.3g} [{row['low']:.3g}, {row['high']:.3g}]"
        axes.plot(ends, line, color=marks[0].get_color(), label=label)
    axes.set_xlabel("parts that each set is cut into (0: infinitely large sets)")
    axes.set_ylabel("mean FAD of the parts")
    axes.set_title("FAD-infinity", fontsize=10)
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)


def save(result, path):
    """Draw a comparison into a file.

    Parameters
    ----------
    result : dict
        From `fad.distance.comparison.compare`.
    path : str or Path
        Its suffix names the format: .png, .svg or .pdf.
    """
    fits = {
        name: row
        for name, one in result["sets"].items()
        for row in one["metrics"]
        if row["metric"] == "infinity"
    }
    heights = [1.2 + 0.4 * len(result["ranking"]), *([4.0] if fits else [])]
    figure, axes = pyplot().subplots(
        len(heights),
        figsize=(8, sum(heights)),
        height_ratios=heights,
        layout="constrained",
        squeeze=False,
    )
    identity = result["identity"]
    draw_ranking(
        axes[0, 0], result["ranking"], f"{identity['embedding']}, preset {identity['preset']}"
    )
    if fits:
        draw_fit(axes[1, 0], fits)
    with atomic(path) as temporary:
        figure.savefig(temporary, dpi=150)
    pyplot().close(figure)
