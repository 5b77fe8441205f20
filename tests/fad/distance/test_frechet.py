import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import linalg

from experiment.errors import DataError
from fad.distance.frechet import frechet_distance, gaussian_distance
from fad.embeddings.gaussian import Gaussian, merge

FINITE = st.floats(-100, 100, width=32)


ROWS = st.integers(2, 12)


def matrices(rows=ROWS, columns=3):
    return rows.flatmap(lambda n: arrays(np.float64, (n, columns), elements=FINITE))


def textbook(x, y):
    """The formula of the papers, by scipy's matrix square root."""
    s1, s2 = np.cov(x.T), np.cov(y.T)
    root = linalg.sqrtm(s1 @ s2)
    shift = x.mean(axis=0) - y.mean(axis=0)
    return float(shift @ shift + np.trace(s1 + s2) - 2 * np.trace(root).real)


def test_equal_sets_have_distance_zero():
    x = np.random.default_rng(0).standard_normal((50, 8))
    assert frechet_distance(x, x) == pytest.approx(0, abs=1e-12)


def test_a_shift_of_the_mean_costs_its_squared_length():
    x = np.random.default_rng(1).standard_normal((100, 6))
    shift = np.arange(6.0)
    assert frechet_distance(x, x + shift) == pytest.approx(shift @ shift, rel=1e-12)


def test_diagonal_gaussians_have_a_closed_form():
    first, second = np.array([1.0, 4.0, 9.0]), np.array([4.0, 1.0, 0.0])
    gaussians = [Gaussian(11, np.full(3, m), np.diag(s) * 10) for m, s in ((0, first), (2, second))]
    expected = 12 + ((np.sqrt(first) - np.sqrt(second)) ** 2).sum()
    assert gaussian_distance(*gaussians) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("n, m", [(200, 300), (300, 20)])
def test_agrees_with_the_matrix_square_root(n, m):
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal((n, 10)), rng.standard_normal((m, 10)) * np.arange(1, 11)
    assert frechet_distance(x, y) == pytest.approx(textbook(x, y), rel=1e-9)


@pytest.mark.parametrize("n, m", [(5, 7), (5, 200), (2, 2)])
def test_fewer_clips_than_dimensions_agree_with_the_full_covariances(n, m):
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((n, 64)), rng.standard_normal((m, 64)) + 1
    full = gaussian_distance(Gaussian.of(x), Gaussian.of(y))
    assert frechet_distance(x, y) == pytest.approx(full, rel=1e-6)


def test_float32_embeddings_are_measured_in_float64():
    rng = np.random.default_rng(4)
    x = (rng.standard_normal((300, 64)) + 1000).astype(np.float32)
    y = (rng.standard_normal((300, 64)) + 1000).astype(np.float32)
    exact = frechet_distance(x.astype(np.float64), y.astype(np.float64))
    assert frechet_distance(x, y) == exact


@settings(max_examples=40)
@given(matrices(), matrices())
def test_is_symmetric_and_never_negative(x, y):
    there, back = frechet_distance(x, y), frechet_distance(y, x)
    assert there >= 0
    assert there == pytest.approx(back, rel=1e-7, abs=1e-6)


@settings(max_examples=40)
@given(matrices(), matrices(), arrays(np.float64, 3, elements=FINITE))
def test_does_not_see_a_common_translation(x, y, shift):
    moved = frechet_distance(x + shift, y + shift)
    assert moved == pytest.approx(frechet_distance(x, y), rel=1e-7, abs=1e-6)


@settings(max_examples=40)
@given(matrices(st.integers(4, 20)), st.randoms(use_true_random=False))
def test_does_not_see_the_order(x, random):
    order = list(range(len(x)))
    random.shuffle(order)
    y = np.eye(4, 3)
    assert frechet_distance(x[order], y) == pytest.approx(
        frechet_distance(x, y), rel=1e-7, abs=1e-6
    )


@settings(max_examples=40)
@given(matrices(st.integers(6, 30)), st.integers(2, 4))
def test_merged_parts_equal_the_whole(x, cuts):
    parts = [Gaussian.of(part) for part in np.array_split(x, cuts)]
    whole, merged = Gaussian.of(x), merge(parts)
    assert merged.n == whole.n
    np.testing.assert_allclose(merged.mean, whole.mean, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(merged.scatter, whole.scatter, rtol=1e-8, atol=1e-6)
    backwards = merge(reversed(parts))
    np.testing.assert_allclose(backwards.scatter, merged.scatter, rtol=1e-8, atol=1e-6)


@pytest.mark.parametrize(
    "x, words",
    [
        (np.zeros((1, 3)), "1 embedding"),
        (np.zeros(3), r"shape \(3,\)"),
        (np.full((4, 3), np.nan), "row 0"),
        (np.zeros((4, 2)), "2 and of 3"),
    ],
)
def test_refuses_what_is_no_set(x, words):
    with pytest.raises(DataError, match=words):
        frechet_distance(x, np.zeros((4, 3)))


@pytest.mark.parametrize("decades", [1, 4, 12])
def test_steep_spectra_keep_their_digits(decades):
    """Both ways to the singular values: eigenvalues serve the first, cannot serve the last."""
    rng = np.random.default_rng(9)
    turn = linalg.qr(rng.standard_normal((80, 80)))[0]
    spectra = np.logspace(0, -decades, 80), np.logspace(0, -decades, 80)[::-1]
    sets = [Gaussian(2, np.zeros(80), (turn * s) @ turn.T) for s in spectra]
    expected = sum((np.sqrt(spectra[0]) - np.sqrt(spectra[1])) ** 2)
    assert gaussian_distance(*sets) == pytest.approx(expected, rel=1e-7)
