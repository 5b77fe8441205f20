import numpy as np
import pandas as pd
import pytest

from detect.evaluation.judgement import PROBABILITIES, judged, rescaled, suspicions
from experiment.errors import DataError


@pytest.fixture
def scores():
    generator = np.random.default_rng(0)
    real = np.arange(40) < 20
    return pd.DataFrame(
        {
            "name": np.arange(40).astype(str),
            "label": np.where(real, "bonafide", "spoof"),
            "attack": np.where(real, "", "A1"),
            "speaker": [f"s{k % 8}" for k in range(40)],
            "split": "test",
            "score": generator.normal(size=40) + 2 * real,
            "threshold": 0.5,
        }
    )


def test_probabilities_are_told_and_turned_into_logits(scores):
    chances = scores.assign(score=1 / (1 + np.exp(-scores["score"])))
    assert list(suspicions(chances)) == [PROBABILITIES]
    again = rescaled(chances, "probability")
    np.testing.assert_allclose(again["score"], scores["score"], atol=1e-6)
    with pytest.raises(DataError, match="no probabilities"):
        rescaled(scores, "probability")


def test_reversed_scores_are_told_and_turned_round(scores):
    turned = scores.assign(score=-scores["score"])
    assert any("reversed" in sentence for sentence in suspicions(turned))
    assert list(suspicions(rescaled(turned, "reversed"))) == list(suspicions(scores)) == []


def test_everything_is_judged_at_once(scores):
    found = judged(scores, repeats=20)
    assert set(found.rows["kind"]) == {"all", "attack"}
    assert "pairs of one speaker" in set(found.world["kind"])
    assert found.tandem == {} and found.shortcuts is None and found.notes == ()


def test_an_audit_that_cannot_be_made_loses_nothing(scores):
    found = judged(scores.assign(path="/no/such/file.wav", text=""), repeats=20)
    assert len(found.rows) and found.shortcuts is None
    assert "not audited" in found.notes[0] and "no such file" in found.notes[0]


def test_a_verifier_adds_tandem_costs(scores):
    asv = {"target": [3.0, 4.0], "nontarget": [-1.0, 0.0], "spoof": [2.0, 5.0]}
    asv = {kind: np.array(values) for kind, values in asv.items()}
    assert set(judged(scores, asv=asv, repeats=20).tandem) == {
        "min t-DCF (2019)", "min t-DCF (2021)",
    }  # fmt: skip


def test_trials_of_verification_add_adcf_and_teer(scores):
    trial = scores["label"].map({"spoof": "spoof", "bonafide": "target"}).to_numpy(object)
    trial[:5] = "nontarget"
    frame = scores.assign(trial=trial, sasv=scores["score"], asv=scores["score"])
    assert set(judged(frame, repeats=20).tandem) == {"min a-DCF", "t-EER"}
