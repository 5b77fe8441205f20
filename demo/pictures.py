"""Pictures of the pages as PNG. Matplotlib's state is global: one picture at a time."""

import base64
import io
import threading

import numpy as np

from audio.draw import draw_spectrogram, pyplot

_drawing = threading.Lock()
BLUE = "#0072B2"
POINTS = 1500


def png(draw, *args, dpi=110):
    """Return the figure that ``draw(*args)`` makes, as PNG bytes."""
    with _drawing:
        figure = draw(*args)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=dpi, bbox_inches="tight")
        pyplot().close(figure)
    return buffer.getvalue()


def uri(content):
    """Return a PNG as an inline address."""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def alone(function, *args):
    """Return what a function that draws by itself returns, while nobody else draws."""
    with _drawing:
        return function(*args)


def sound(clip):
    """Return a figure of a clip: waveform above spectrogram, on one axis of seconds."""
    figure, (above, below) = pyplot().subplots(
        2, figsize=(9.5, 3.6), height_ratios=[1, 2.2], sharex=True, layout="constrained"
    )
    low, high, step = envelope(clip.samples)
    times = np.arange(len(low)) * step / clip.rate
    above.fill_between(times, low, high, color=BLUE, linewidth=0.4)
    above.set(ylabel="amplitude", ylim=_limits(low, high))
    image = draw_spectrogram(below, clip.samples, clip.rate)
    figure.colorbar(image, ax=(above, below), label="dB below maximum", aspect=30, pad=0.01)
    return figure


def _limits(low, high):
    top = 1.1 * max(float(np.abs([low, high]).max()), 1e-3)
    return -top, top


def envelope(samples, points=POINTS):
    """Return the least and the greatest of each of about `points` parts, and their length."""
    step = max(len(samples) // points, 1)
    whole = len(samples) // step * step
    parts = samples[:whole].reshape(-1, step)
    return parts.min(axis=1), parts.max(axis=1), step


def timeline(table, threshold, limit):
    """Return a figure of the score over time."""
    from detect.use.streaming import draw

    return draw(table, threshold, limit=limit)


def maps(signal, rate, explanations):
    """Return a figure of the maps over the spectrogram."""
    from xai.figures import panel

    return panel(signal, rate, explanations)


def bands(explanations):
    """Return a figure of the share of the evidence in each band, a curve a method."""
    from xai.bands import shares
    from xai.figures import COLOURS, band_names

    frame = shares(explanations)
    figure, axes = pyplot().subplots(figsize=(9.5, 2.9), layout="constrained")
    for number, (method, group) in enumerate(frame.groupby("method", sort=False)):
        style = {"color": COLOURS[number], "marker": "osD^v<>p"[number % 8], "markersize": 5}
        axes.plot(range(len(group)), 100 * group.share, label=method, **style)
    flat = 100 * group.flat
    axes.plot(range(len(flat)), flat, "k--", linewidth=0.9, label="no preference")
    axes.set_xticks(range(len(flat)), band_names(group.low, group.high))
    axes.set(xlabel="band (kHz)", ylabel="share of the evidence (%)", ylim=(0, None))
    axes.legend(fontsize=9, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def ranking(rows, title):
    """Return a figure of distances with their intervals."""
    from fad.figures import draw_ranking

    figure, axes = pyplot().subplots(figsize=(9.5, 1.2 + 0.4 * len(rows)), layout="constrained")
    draw_ranking(axes, rows, title)
    return figure
