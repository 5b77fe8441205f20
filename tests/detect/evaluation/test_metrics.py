import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score

from detect.evaluation.metrics import (
    BAYES,
    eer_threshold,
    evaluate,
    operating_points,
)
from detect.evaluation.tandem import SpeakerVerifier, min_tdcf, speaker_verifier
from experiment.errors import DataError, UsageError

FIRST = ([2, 1.5, 0.5, -0.2, 3], [-1, -2, 0.7, -0.5, -3, 0.1, -1.5])
SECOND = ([1, 2, 3], [0, 1.5, 2.5, -1])
KNOWN = [
    (FIRST, {"eer": 0.1714286, "min_dcf": 0.2857143, "act_dcf": 0.4285714, "cllr": 0.5482914}),
    (SECOND, {"eer": 0.2916667, "min_dcf": 0.5, "act_dcf": 0.75, "cllr": 1.0709152}),
]


@pytest.mark.parametrize(("scores", "expected"), KNOWN)
def test_known_answers(scores, expected):
    values = evaluate(*scores)
    assert {name: values[name] for name in expected} == pytest.approx(expected, abs=1e-7)


def test_the_bayes_threshold_is_that_of_asvspoof_5():
    assert pytest.approx(-0.641854, abs=1e-6) == BAYES


def test_tandem_cost_has_the_known_answers():
    verifier = SpeakerVerifier(miss=0.03, false_alarm=0.02, miss_spoof=0.4)
    assert min_tdcf(*FIRST, verifier, version=2019) == pytest.approx(0.2857143, abs=1e-7)
    assert min_tdcf(*FIRST, verifier, version=2021) == pytest.approx(0.3508756, abs=1e-7)
    with pytest.raises(UsageError, match="2020"):
        min_tdcf(*FIRST, verifier, version=2020)


def test_the_verifier_works_at_its_own_equal_error_rate():
    verifier = speaker_verifier([1, 2, 3, 4], [-1, 0, 1.5, -2], [0, 2, 5])
    assert verifier == SpeakerVerifier(miss=0.25, false_alarm=0.25, miss_spoof=1 / 3)


def official_eer(bonafide, spoof):
    """As the official scorer computes it, by its definition on sorted scores."""
    order = np.argsort(np.concatenate([bonafide, spoof]), kind="mergesort")
    labels = np.r_[np.ones(len(bonafide)), np.zeros(len(spoof))][order]
    sums = np.cumsum(labels)
    left = len(spoof) - (np.arange(1, len(labels) + 1) - sums)
    miss, false_alarm = np.r_[0, sums / len(bonafide)], np.r_[1, left / len(spoof)]
    at = np.argmin(np.abs(miss - false_alarm))
    return (miss[at] + false_alarm[at]) / 2


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 10**6))
def test_without_ties_the_official_equal_error_rate(n, m, seed):
    generator = np.random.default_rng(seed)
    bonafide, spoof = generator.normal(0.5, 1, n), generator.normal(0, 1, m)
    assert evaluate(bonafide, spoof)["eer"] == official_eer(bonafide, spoof)


def test_all_scores_tied_is_chance():
    values = evaluate(np.ones(5), np.ones(9))
    assert values["eer"] == values["auc"] == 0.5
    assert values["min_dcf"] == 1


def test_the_order_of_tied_scores_does_not_matter():
    bonafide, spoof = np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1, -1])
    values = evaluate(bonafide, spoof)
    assert values == evaluate(bonafide[::-1], spoof[::-1])


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=30), st.integers(1, 29))
def test_area_precision_recall_and_f1_equal_sklearn(scores, cut):
    cut = min(cut, len(scores) - 1)
    bonafide, spoof = scores[:cut], scores[cut:]
    truth = [0] * len(bonafide) + [1] * len(spoof)
    values = evaluate(bonafide, spoof, threshold=0.5)
    found = [score < 0.5 for score in scores]
    expected = precision_recall_fscore_support(truth, found, average="binary", zero_division=0)
    ours = values["precision"], values["recall"], values["f1"]
    assert ours == pytest.approx(expected[:3])
    assert values["accuracy"] == pytest.approx(np.mean(np.equal(truth, found)))
    assert values["auc"] == pytest.approx(roc_auc_score(truth, -np.array(scores)))


def test_whole_weights_equal_repeated_clips():
    weights = np.array([[1, 2, 0, 1, 3, 1, 1, 1, 0, 2, 1, 1], np.ones(12)])
    values = evaluate(*FIRST, weights=weights)
    repeated = [
        np.repeat(scores, count)
        for scores, count in zip(FIRST, np.split(weights[0].astype(int), [5]), strict=True)
    ]
    for row, expected in enumerate([evaluate(*repeated), evaluate(*FIRST)]):
        got = {name: value[row] for name, value in values.items() if name != "threshold"}
        expected.pop("threshold")
        assert got == pytest.approx(expected)


def test_a_class_without_weight_gives_nan_not_a_number():
    values = evaluate(*FIRST, weights=np.r_[np.zeros(5), np.ones(7)][None])
    assert np.isnan([values[name] for name in ("eer", "auc", "cllr", "min_dcf")]).all()


def test_huge_ratios_do_not_overflow():
    assert evaluate([1e4], [-1e4])["cllr"] == 0
    assert evaluate([-1e4], [1e4])["cllr"] == pytest.approx(1e4 / np.log(2))


def test_the_threshold_lies_between_the_classes():
    assert eer_threshold([1, 2], [-1, 0]) == 0.5
    assert eer_threshold([1], [1]) == 1


def test_operating_points_run_from_accept_all_to_reject_all():
    points = operating_points(*FIRST)
    assert (points.miss[0], points.false_alarm[0]) == (0, 1)
    assert (points.miss[-1], points.false_alarm[-1]) == (1, 0)
    assert (np.diff(points.miss) >= 0).all() and (np.diff(points.false_alarm) <= 0).all()


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        (([], [1, 2]), "0 bona fide and 2 spoof"),
        (([1.0], []), "1 bona fide and 0 spoof"),
        (([1.0, np.nan], [0, np.inf]), "2 of 4 scores are not finite"),
    ],
)
def test_unusable_scores_are_refused(scores, message):
    with pytest.raises(DataError, match=message):
        evaluate(*scores)


def test_the_cost_threshold_weighs_the_two_errors():
    from detect.evaluation.metrics import cost_threshold

    bonafide, spoof = [1.0, 2.0, 3.0, 4.0], [-1.0, 0.0, 1.5, 3.5]
    assert cost_threshold(bonafide, spoof, 0.9) == 0.5
    assert cost_threshold(bonafide, spoof, 0.1) == 3.75
