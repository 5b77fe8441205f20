"""The figures of the report, each as an inline picture."""

import numpy as np
import pandas as pd

from audio.clip import read_clip
from audio.draw import pyplot, sheet
from experiment.report import audio_uri, figure_uri
from experiment.seeds import rng
from study.detectors import CONDITIONS, SECONDS
from study.generators import called
from study.records import table

COLOURS = {"real": "#009E73", "engine": "#0072B2", "generated": "#D55E00", "noise": "#888888"}
SIDES = {"corpus": "#0072B2", "augmented": "#D55E00"}
SHOWN = 4
CURVES = {
    "separation": "critic, real minus generated",
    "mel": "mel distance of copy and original",
}


def _sample(config, frame, n):
    order = rng(config.seed, "shown").permutation(len(frame))
    return frame.iloc[order[:n]]


def _real_and_fake(config, frame):
    train = frame[(frame["split"] == "train") & (frame["label"] == "bonafide")]
    fake = frame[(frame["source"] == "gan") & (frame["attack"] == called(config.generator))]
    return _sample(config, train, SHOWN), _sample(config, fake, SHOWN)


def clips_sheet(config, frame):
    """Return spectrograms of real training clips over those of generated ones."""
    real, fake = _real_and_fake(config, frame)
    clips = [read_clip(path) for path in [*real["path"], *fake["path"]]]
    titles = [*real["speaker"], *[config.generator] * len(fake)]
    return figure_uri(sheet([clip.samples for clip in clips], titles, columns=SHOWN))


def players(config, frame):
    """Return players for the clips of `clips_sheet`, dicts of title and uri."""
    real, fake = _real_and_fake(config, frame)
    return [
        {"title": title, "uri": audio_uri(clip.samples, clip.rate)}
        for part, name in ((real, "real, {}"), (fake, "generated {}"))
        for number, row in enumerate(part.itertuples(), start=1)
        for clip, title in [(read_clip(row.path), name.format(_who(row, number)))]
    ]


def _who(row, number):
    return row.speaker if row.label == "bonafide" else str(number)


def training_curve(folder):
    """Return the training's course; None if it was too short.

    How far the critic tells real from generated, or how far a vocoder's copies are from originals.
    """
    path = folder / "metrics.csv"
    if not path.exists():
        return None
    history = pd.read_csv(path)
    if len(history) < 2:
        return None
    figure, axes = pyplot().subplots(figsize=(7, 2.6), layout="constrained")
    name = next(name for name in CURVES if name in history)
    axes.plot(history["step"], history[name], color=COLOURS["generated"])
    axes.set(xlabel="generator step", ylabel=CURVES[name])
    axes.grid(alpha=0.3)
    return figure_uri(figure)


def distances(rows):
    """Return a bar of each set's distance with its interval."""
    rows = sorted(rows, key=lambda row: row["value"], reverse=True)
    figure, axes = pyplot().subplots(figsize=(8.4, 0.8 + 0.32 * len(rows)), layout="constrained")
    for place, row in enumerate(rows):
        colour = COLOURS[row["kind"]]
        axes.plot(row["value"], place, "o", color=colour)
        axes.plot(row["real"], place, "o", color=COLOURS["real"], fillstyle="none")
        if row["low"] is not None and row["high"] is not None:
            axes.plot([max(row["low"], 1e-3), row["high"]], [place, place], color=colour)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("{x:g}")
    axes.set_yticks(range(len(rows)), [f"{row['set']} ({row['clips']})" for row in rows])
    axes.set_xlabel("Frechet Audio Distance (number of clips in brackets)")
    axes.grid(axis="x", alpha=0.3, which="both")
    for kind, colour in COLOURS.items():
        axes.plot([], [], "o-", color=colour, label=kind)
    axes.plot([], [], "o", color=COLOURS["real"], fillstyle="none", label="as many real clips")
    figure.legend(
        *axes.get_legend_handles_labels(), ncols=5, frameon=False, loc="outside upper center"
    )
    return figure_uri(figure)


def attacks(evaluation, seen):
    """Return the EER of each attack, detector and condition, with intervals.

    Parameters
    ----------
    evaluation : dict
        From `study.evaluation.evaluate`.
    seen : set of str
        Attacks that training had; the others are marked.
    """
    found = table(evaluation["metrics"])
    kinds = found.kind.isin(["attack", "generated"])
    chosen = kinds & (found.metric == "eer") & (found.split == "test")
    found = found[chosen]
    models = list(dict.fromkeys(found.model))
    figure, grid = pyplot().subplots(
        1, len(models), figsize=(5.2 * len(models), 3.2), sharey=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    for axes, model in zip(grid.flat, models, strict=True):
        for offset, (condition, colour) in zip((-0.12, 0.12), SIDES.items(), strict=True):
            part = found[(found.model == model) & (found.condition == condition)]
            _bars(axes, np.arange(len(part)) + offset, part, colour, CONDITIONS[condition])
        names = [name if name in seen else f"{name} *" for name in part.group]
        axes.set_xticks(range(len(part)), names, rotation=40, ha="right", fontsize=9)
        axes.set_title(model, fontsize=11)
        axes.axhline(50, color="black", linewidth=0.7, linestyle=":")
        axes.grid(axis="y", alpha=0.3)
    grid.flat[0].set_ylabel("EER (%)")
    handles = grid.flat[0].get_legend_handles_labels()
    figure.legend(*handles, ncols=2, frameon=False, loc="outside upper center")
    return figure_uri(figure)


def _bars(axes, places, part, colour, label):
    value = 100 * part["value"].to_numpy(float)
    ends = 100 * part[["low", "high"]].to_numpy(float).T
    spread = np.nan_to_num(np.abs(ends - value))
    axes.errorbar(places, value, spread, fmt="o", color=colour, label=label, markersize=5)


def operating_points(frame, run):
    """Return ROC and DET curves, confusion matrices and score histograms of the test set.

    Scores are means over trainings; the generated clips count as one more attack.
    """
    from detect.evaluation import plots
    from study.evaluation import scored

    scores = scored(frame, run)
    test = scores[scores["split"] == "test"]
    pooled = {
        f"{model}, {CONDITIONS[condition]}": _mean_score(part)
        for (model, condition), part in test.groupby(["model", "condition"], sort=False)
    }
    matrices, histograms = (
        [{"title": name, "uri": figure_uri(draw(part))} for name, part in pooled.items()]
        for draw in (plots.confusion_matrix, plots.histogram)
    )
    return {
        "curves": [figure_uri(plots.roc(pooled)), figure_uri(plots.det(pooled))],
        "confusion": matrices,
        "histograms": histograms,
    }


def _mean_score(part):
    means = part.groupby("name")[["score", "threshold"]].mean()
    first = part.drop_duplicates("name").drop(columns=["score", "threshold"])
    return first.merge(means, on="name")


def differences(rows):
    """Return the difference in EER of each detector and group of attacks, with its interval."""
    found = table(rows)
    found = found[found.metric == "eer"].iloc[::-1].reset_index(drop=True)
    figure, axes = pyplot().subplots(figsize=(8.4, 0.9 + 0.34 * len(found)), layout="constrained")
    value = 100 * found["value"].to_numpy(float)
    ends = 100 * found[["low", "high"]].to_numpy(float).T
    axes.errorbar(
        value, range(len(found)), xerr=np.nan_to_num(np.abs(ends - value)), fmt="o",
        color=SIDES["corpus"],
    )  # fmt: skip
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(found)), [f"{r.model}: {r.group}" for r in found.itertuples()])
    axes.set_xlabel("difference in EER (points); left of zero the fakes helped")
    axes.grid(axis="x", alpha=0.3)
    return figure_uri(figure)


def examples(config, frame, run, files):
    """Return one picture a class and attack: its spectrogram and the three maps over it."""
    from xai.explanation import Explanation
    from xai.figures import panel

    explained = pd.DataFrame(files).merge(frame, on="name")
    shown = []
    for (label, attack), part in explained.groupby(["label", "attack"], sort=True):
        clip = part.iloc[0]
        members = part[part["name"] == clip["name"]]
        found = [Explanation.load(run.path("explanations", name)) for name in members["file"]]
        samples = _middle(read_clip(clip["path"]))
        what = attack or "bona fide"
        caption = f"{what}, {clip['speaker']}" if label == "bonafide" else f"{what}"
        figure = panel(samples, 16000, found)
        shown.append({"caption": caption, "uri": figure_uri(figure)})
    return shown


def _middle(clip):
    length = round(SECONDS * clip.rate)
    start = max(len(clip.samples) - length, 0) // 2
    return clip.samples[start : start + length]


def bands(rows):
    """Return the share of the evidence in each band, by class and attack."""
    from xai.figures import bands_grid

    return figure_uri(bands_grid(table(rows)))


def moved(rows):
    """Return how the fakes in training moved the evidence between bands, by class."""
    from xai.figures import bands_figure

    return figure_uri(bands_figure(table(rows), ("label",), "change of the share"))
