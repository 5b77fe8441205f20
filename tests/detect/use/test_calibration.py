import numpy as np
import pytest

from detect.evaluation.metrics import cllr
from detect.use.calibration import Calibration, calibrate
from experiment.errors import DataError
from experiment.seeds import rng


def gaussian(n, shift, seed):
    """Scores whose log-likelihood ratio is shift times the score."""
    generator = rng(seed)
    return generator.normal(shift / 2, 1, n), generator.normal(-shift / 2, 1, n)


def test_the_likelihood_ratio_of_two_gaussians_is_found():
    found = calibrate(*gaussian(20000, 2.0, seed=0))
    assert found.scale == pytest.approx(2, abs=0.1)
    assert found.offset == pytest.approx(0, abs=0.1)


def test_classes_of_unequal_size_do_not_move_the_ratio():
    bonafide, spoof = gaussian(20000, 2.0, seed=1)
    assert calibrate(bonafide[:1000], spoof).offset == pytest.approx(0, abs=0.15)


def test_distorted_logits_are_repaired_on_other_clips():
    found = calibrate(*(40 * scores + 300 for scores in gaussian(2000, 2.0, seed=2)))
    fresh = [40 * scores + 300 for scores in gaussian(2000, 2.0, seed=3)]
    best = cllr(*(2 * scores for scores in gaussian(2000, 2.0, seed=3)))
    assert cllr(*map(found, fresh)) == pytest.approx(best, abs=0.01)


def test_a_development_set_without_errors_gives_finite_ratios():
    found = calibrate([5.0, 6, 7], [-1.0, -2])
    scores = found([-2, 7])
    assert np.isfinite(scores).all() and np.abs(scores).max() < 10


def test_a_detector_that_is_worse_than_chance_keeps_its_polarity():
    found = calibrate([-1.0, -2, -1.5], [1.0, 2, 1.5])
    assert 0 < found.scale < 1e-3
    assert np.abs(found([-2.0, 2.0])).max() < 0.5


def test_constant_logits_say_nothing():
    assert np.abs(calibrate(np.zeros(5), np.zeros(5))([0.0])).max() < 0.2


def test_one_class_is_refused():
    with pytest.raises(DataError, match="0 bona fide and 3 spoof"):
        calibrate([], [1, 2, 3])


def test_a_calibration_is_a_straight_line():
    assert Calibration(2.0, -1.0)([0, 1]).tolist() == [-1, 1]
