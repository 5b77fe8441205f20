import pytest

from study import within
from study.config import StudyConfig
from study.detectors import CONDITIONS
from tests.detect.evaluation.test_intervals import make_scores


def test_each_detector_and_training_has_a_row_with_what_holds_fixed():
    scores = make_scores(speakers=6).assign(text="a", source="here")
    runs = {("cnn", condition): scores for condition in CONDITIONS}
    rows = within.within(StudyConfig(repeats=20), runs)
    assert {row["kind"] for row in rows} <= set(within.KINDS)
    same = [row["value"] for row in rows if row["kind"] == "mean over sources"]
    assert len(same) == 2 and same[0] == same[1] > 0.5
    shown = within.told({"world": rows, "parts": None}, lambda row: round(row["value"], 2))
    assert "No test clip names its fake parts" in shown["words"]
    assert [row[:2] for row in shown["rows"]] == [["cnn", words] for words in CONDITIONS.values()]
    assert shown["columns"][2:] == [kind for kind in within.KINDS if kind in shown["columns"]]
    assert all(len(row) == len(shown["columns"]) for row in shown["rows"])


def test_parts_are_judged_where_the_clips_name_them(corpus):
    pytest.importorskip("keras")
    assert within.parts(corpus) is None
    test = corpus[corpus["split"] == "test"].groupby("label").head(2)
    halves = [
        f"0-{s / 2:.3f}-bonafide/{s / 2:.3f}-{s:.3f}-spoof" if label == "spoof" else ""
        for s, label in zip(test["duration"], test["label"], strict=True)
    ]
    found = within.parts(test.assign(segments=halves))
    assert 0 <= found["point_eer"] <= 1 and found["true"] == 2
    text = within.told({"world": [], "parts": found}, str)["words"]
    assert f"{100 * found['point_eer']:.1f} %" in text
