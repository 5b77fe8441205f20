import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from detect.evaluation.within import world


@pytest.fixture(scope="module")
def scores():
    generator = np.random.default_rng(0)
    rows = []
    for source, shift in (("a", 0.0), ("b", 4.0), ("c", -4.0)):
        for speaker in range(6):
            for label in ("bonafide", "spoof"):
                if source == "c" and label == "spoof":
                    continue
                for text in range(4):
                    rows.append(
                        {
                            "label": label, "source": source, "speaker": f"{source}{speaker}",
                            "text": f"t{text}", "split": "test",
                            "attack": "" if label == "bonafide" else f"A{text % 2}",
                            "score": generator.normal() + shift + (label == "bonafide"),
                            "outside": bool(source == "c"),
                        }
                    )  # fmt: skip
    return pd.DataFrame(rows).assign(name=lambda f: f.index.astype(str), threshold=0.0)


def pick(table, kind, metric="auc"):
    return table[(table["kind"] == kind) & (table["metric"] == metric)].set_index("group")


def test_a_source_is_judged_by_itself(scores):
    found = world(scores, repeats=100)
    within = pick(found, "source")
    assert set(within.index) == {"a", "b"}  # the third has no spoofs
    for source, part in scores[scores["source"] != "c"].groupby("source"):
        expected = roc_auc_score(part["label"] == "bonafide", part["score"])
        assert within.loc[source, "value"] == pytest.approx(expected)
        assert within.loc[source, "low"] <= expected <= within.loc[source, "high"]
    mean = pick(found, "mean over sources").iloc[0]
    assert mean["value"] == pytest.approx(within["value"].mean())
    assert mean["high"] - mean["low"] < (within["high"] - within["low"]).max()


def test_wrong_accusations_are_counted_by_source(scores):
    misses = pick(world(scores, repeats=50), "source", "miss")["value"]
    real = scores[scores["label"] == "bonafide"]
    expected = (real["score"] < 0).groupby(real["source"]).mean()
    assert misses.to_dict() == pytest.approx(expected.to_dict())


@pytest.mark.parametrize("column", ["speaker", "text"])
def test_pairs_are_compared_within_a_speaker_or_a_text(scores, column):
    wins = pairs = 0
    for _, part in scores.groupby(column):
        for real in part.loc[part["label"] == "bonafide", "score"]:
            for fake in part.loc[part["label"] == "spoof", "score"]:
                wins, pairs = wins + (real > fake), pairs + 1
    found = pick(world(scores, repeats=50), f"pairs of one {column}").iloc[0]
    assert found["value"] == pytest.approx(wins / pairs)
    assert found["low"] < found["value"] < found["high"]


def test_attacks_count_the_same_and_the_share_outside_is_told(scores):
    found = world(scores, repeats=50)
    real = scores[scores["label"] == "bonafide"]
    areas = [
        roc_auc_score([1] * len(real) + [0] * len(part), [*real["score"], *part["score"]])
        for _, part in scores[scores["label"] == "spoof"].groupby("attack")
    ]
    assert pick(found, "mean over attacks")["value"].iloc[0] == pytest.approx(np.mean(areas))
    outside = pick(found, "outside", "share")["value"]
    assert outside.to_dict() == pytest.approx({"bonafide": 1 / 3, "spoof": 0.0})


def test_what_is_not_known_is_left_out(scores):
    bare = scores[["name", "label", "attack", "split", "score"]].assign(speaker="")
    assert set(world(bare, repeats=10)["kind"]) == {"mean over attacks"}
