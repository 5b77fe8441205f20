import numpy as np
import pandas as pd
import pytest

from detect.evaluation.explained import explained
from experiment.seeds import rng


@pytest.fixture(scope="module")
def clips():
    """Trivial scores that separate the classes well, one attack, 60 speakers."""
    real = np.arange(1200) % 2 == 0
    trivial = rng(0, "trivial").normal(real * 1.5)
    return pd.DataFrame(
        {"attack": "a", "name": np.arange(1200).astype(str), "real": real, "all": trivial}
    )


def judged(clips, score):
    scores = pd.DataFrame({"name": clips["name"], "score": score})
    scores["speaker"] = (np.arange(len(clips)) // 2 % 60).astype(str)
    return explained(scores, clips, repeats=100).set_index("quantity")


def test_a_detector_that_is_a_shortcut_is_explained_by_it(clips):
    found = judged(clips, clips["all"] + rng(1).normal(0, 0.3, len(clips)))
    assert found.loc["detector", "value"] > 0.8
    assert found.loc["explained", "low"] > 0.5


def test_a_detector_that_hears_something_else_is_not(clips):
    other = rng(2).normal(clips["real"] * 2.0)
    found = judged(clips, other)
    assert abs(found.loc["explained", "value"]) < 0.1
    assert found.loc["within", "value"] == pytest.approx(found.loc["detector", "value"], abs=0.03)
    assert (found["low"] <= found["value"]).all() and (found["value"] <= found["high"]).all()


def test_a_detector_at_chance_has_nothing_to_explain(clips):
    found = judged(clips, np.where(clips["real"], 0.0, 0.0))
    assert np.isnan(found.loc["explained", "value"])
    assert found.loc["detector", "value"] == 0.5
