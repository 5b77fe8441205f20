from itertools import product

import numpy as np
import pytest

from detect.evaluation.tandem import KINDS, min_adcf, read_asv, tandem_eer
from experiment.errors import DataError


@pytest.fixture
def trials():
    """Scores of a verifier and of a detector on 60 trials."""
    generator = np.random.default_rng(1)
    shifts = {"target": (2, 1), "nontarget": (-1, 1), "spoof": (1.5, -1)}
    return [
        {kind: generator.normal(shifts[kind][side], 1, 20).round(2) for kind in KINDS}
        for side in (0, 1)
    ]


def test_adcf_is_the_least_cost_over_all_thresholds(trials):
    target, nontarget, spoof = (trials[0][kind] for kind in KINDS)
    costs = []
    for threshold in [*np.concatenate(list(trials[0].values())), np.inf]:
        miss = np.mean(target < threshold)
        accepted = [np.mean(scores >= threshold) for scores in (nontarget, spoof)]
        costs.append(0.9405 * miss + 10 * 0.0095 * accepted[0] + 10 * 0.05 * accepted[1])
    expected = min(costs) / min(0.9405, 10 * 0.0595)
    assert min_adcf(target, nontarget, spoof) == pytest.approx(expected)


def test_a_verifier_that_tells_nothing_apart_costs_one():
    assert min_adcf([1.0, 1.0], [1.0], [1.0]) == pytest.approx(1)


def test_tandem_eer_is_found_by_trying_every_pair_of_thresholds(trials):
    asv, cm = trials
    best = (np.inf, None)
    grids = [np.unique(np.concatenate(list(side.values()))) for side in trials]
    for a, c in product(grids[0], [*grids[1], np.inf]):
        passed = {k: np.mean((asv[k] >= a) & (cm[k] >= c)) for k in KINDS}
        rates = [1 - passed["target"], passed["nontarget"], passed["spoof"]]
        best = min(best, (np.ptp(rates), np.mean(rates)), key=lambda pair: pair[0])
    assert tandem_eer(asv, cm) == pytest.approx(best[1], abs=1e-9)


def test_both_systems_score_every_trial(trials):
    asv, cm = trials
    with pytest.raises(DataError, match="spoof: 20 scores of the verifier, 3"):
        tandem_eer(asv, {**cm, "spoof": cm["spoof"][:3]})


def test_scores_of_a_verifier_are_read(tmp_path):
    path = tmp_path / "asv.txt"
    path.write_text("bonafide target 7.5\nbonafide nontarget -2\nA07 spoof 1.25\n")
    found = read_asv(path)
    assert {kind: values.tolist() for kind, values in found.items()} == {
        "target": [7.5], "nontarget": [-2.0], "spoof": [1.25],
    }  # fmt: skip
    path.write_text("bonafide target 7.5\n")
    with pytest.raises(DataError, match="no trials of nontarget, spoof"):
        read_asv(path)
    path.write_text("bonafide target high\n")
    with pytest.raises(DataError, match="line 1"):
        read_asv(path)
