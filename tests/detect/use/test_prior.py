import math

import pytest

from detect.use.detector import Detector
from detect.use.prior import at_prior, posterior
from experiment.errors import UsageError


def test_the_threshold_is_where_bona_fide_and_spoof_are_equally_likely():
    for prior in (0.001, 0.3, 0.5, 0.95):
        found = at_prior(Detector("cnn", None, None), prior)
        assert math.isclose(posterior(found.threshold, prior), 0.5)
        assert found.prior == prior and found.training["prior"] == prior


def test_the_probability_of_a_spoof_is_bayes_rule():
    odds = math.exp(-1.5) * 0.2 / 0.8
    assert math.isclose(posterior(1.5, 0.2), odds / (1 + odds))


def test_priors_out_of_range_and_logits_are_refused():
    for prior in (0, 1, math.nan):
        with pytest.raises(UsageError, match="between 0 and 1"):
            at_prior(Detector("cnn", None, None), prior)
    with pytest.raises(UsageError, match="not calibrated"):
        at_prior(Detector("cnn", None, None, training={"calibrated": False}), 0.5)
