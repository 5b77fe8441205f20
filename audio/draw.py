"""Pictures of sound: waveforms and spectrograms with axes in seconds and Hz."""

from collections.abc import Sequence

import numpy as np

from audio.clip import RATE

FLOOR_DB = -80
FRAMES = 4000  # of a picture; more would take memory and show nothing


def spectrogram_db(
    samples: np.ndarray, rate: int = RATE, n_fft: int = 512, hop: int = 128
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a Hann spectrogram in dB below its maximum.

    Parameters
    ----------
    samples : ndarray [n]
        One channel.
    rate : int
        Samples per second.
    n_fft, hop : int
        Window and step, in samples.

    Returns
    -------
    times : ndarray [frames]
        Centres of the windows, in seconds.
    frequencies : ndarray [bins]
        In Hz.
    levels : ndarray [bins, frames]
        In dB, at most 0, at least `FLOOR_DB`.
    """
    from scipy.signal import ShortTimeFFT

    samples = np.pad(samples, (0, max(0, n_fft - len(samples))))
    window = np.hanning(n_fft + 1)[:-1]
    transform = ShortTimeFFT(window, hop, rate)
    power = transform.spectrogram(samples.astype(float))
    levels = 10 * np.log10(np.maximum(power, 1e-20) / max(power.max(), 1e-20))
    return transform.t(len(samples)), transform.f, np.maximum(levels, FLOOR_DB)


def draw_spectrogram(axes, samples: np.ndarray, rate: int = RATE, title: str = ""):
    """Draw a spectrogram into `axes`.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    samples : ndarray [n]
        One channel.
    rate : int
        Samples per second.
    title : str
        Above the picture.

    Returns
    -------
    matplotlib.image.AxesImage
        For a colour bar.
    """
    hop = max(128, len(samples) // FRAMES)
    times, frequencies, levels = spectrogram_db(samples, rate, hop=hop)
    image = axes.imshow(
        levels,
        origin="lower",
        aspect="auto",
        cmap="magma",
        vmin=FLOOR_DB,
        vmax=0,
        extent=(times[0], times[-1], frequencies[0] / 1000, frequencies[-1] / 1000),
    )
    axes.set(xlabel="time (s)", ylabel="frequency (kHz)", xlim=(0, len(samples) / rate))
    axes.set_title(title, fontsize=10)
    return image


def sheet(clips: Sequence[np.ndarray], titles: Sequence[str], rate: int = RATE, columns: int = 4):
    """Return a figure with the spectrograms of several clips.

    Parameters
    ----------
    clips : sequence of ndarray [n]
        Samples of each clip.
    titles : sequence of str
        One per clip.
    rate : int
        Samples per second.
    columns : int
        Pictures in a row.

    Returns
    -------
    matplotlib.figure.Figure
        With one colour bar in dB.
    """
    plt = pyplot()
    columns = min(columns, len(clips))
    rows = -(-len(clips) // columns)
    figure, grid = plt.subplots(
        rows, columns, figsize=(3.1 * columns, 2.3 * rows), squeeze=False, layout="constrained"
    )
    for axes in grid.flat[len(clips) :]:
        axes.set_visible(False)
    for axes, samples, title in zip(grid.flat, clips, titles, strict=False):
        image = draw_spectrogram(axes, samples, rate, title)
    for axes in grid.flat:
        axes.label_outer()
        axes.locator_params(axis="x", nbins=4)
    figure.colorbar(image, ax=grid, label="dB below maximum", shrink=0.8)
    return figure


def heat_table(table, title: str, lowest: float = 0.5, highest: float = 1.0, digits: int = 2):
    """Return a table of numbers as a picture, darker for higher.

    Parameters
    ----------
    table : DataFrame of float
        Its index and columns name the cells; NaN stays empty.
    title : str
        Above the picture.
    lowest, highest : float
        Ends of the colours.
    digits : int
        After the point.

    Returns
    -------
    matplotlib.figure.Figure
        With each number in its cell.
    """
    rows, columns = table.shape
    figure, axes = pyplot().subplots(
        figsize=(2.2 + 0.85 * columns, 1.4 + 0.36 * rows), layout="constrained"
    )
    values = table.to_numpy(float)
    axes.imshow(values, cmap="Oranges", vmin=lowest, vmax=highest, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            dark = value > lowest + 0.7 * (highest - lowest)
            colour = "white" if dark else "black"
            text = f"{value:.{digits}f}"
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(columns), table.columns, rotation=35, ha="right", fontsize=9)
    axes.set_yticks(range(rows), table.index, fontsize=9)
    axes.set_title(title, fontsize=10)
    return figure


def pyplot():
    """Return matplotlib.pyplot on the backend that needs no screen."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    return plt
