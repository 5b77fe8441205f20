import numpy as np
import pytest

from experiment.errors import UsageError
from xai.superpixels import EDGES, Grid, band_index


def test_cells_have_the_size_asked_for():
    times, frequencies = np.arange(100) * 0.02, np.linspace(0, 8000, 81)
    cells = Grid((0, 1000, 4000, 8000), 500).cells(times, frequencies)
    assert cells.shape == (100, 81) and cells.max() == 11
    assert len(np.unique(cells[:25, :10])) == 1 and cells[25, 0] != cells[24, 0]
    assert cells[0, 10] != cells[0, 9]


def test_every_frequency_has_a_band():
    index = band_index([0, 299.9, 300, 8000, 9000])
    assert index.tolist() == [0, 0, 1, len(EDGES) - 2, len(EDGES) - 2]


@pytest.mark.parametrize("edges", [(0,), (0, 0, 100), (500, 100)])
def test_edges_must_rise(edges):
    with pytest.raises(UsageError, match="rise"):
        Grid(edges)


def test_duration_must_be_positive():
    with pytest.raises(UsageError, match="0 ms"):
        Grid(milliseconds=0)


def test_a_short_rest_joins_the_last_superpixel():
    cells = Grid((0, 8000), 250).cells(np.arange(0, 2.001, 0.016), [1000.0])
    assert cells.max() == 7 and (cells[-15:] == 7).all()
    assert Grid((0, 8000), 250).cells(np.arange(0, 2.15, 0.016), [1000.0]).max() == 8
