import numpy as np

from audio.clip import RATE
from audio.draw import pyplot, sheet, spectrogram_db


def test_axes_are_in_seconds_and_hz():
    samples = np.zeros(RATE, np.float32)
    samples[RATE // 2 :] = np.sin(2 * np.pi * 3000 * np.arange(RATE // 2) / RATE)
    times, frequencies, levels = spectrogram_db(samples)
    row, column = np.unravel_index(levels.argmax(), levels.shape)
    assert abs(frequencies[row] - 3000) < 40
    assert times[column] > 0.48
    assert levels.max() == 0
    assert levels.min() >= -80


def test_a_sheet_shows_every_clip(speech):
    figure = sheet([clip.samples for clip in speech[:5]], list("abcde"))
    shown = [axes.get_title() for axes in figure.axes if axes.get_visible()]
    assert [title for title in shown if title] == list("abcde")
    pyplot().close(figure)
