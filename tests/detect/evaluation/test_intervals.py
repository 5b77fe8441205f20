import time

import numpy as np
import pandas as pd
import pytest

from detect.evaluation.intervals import (
    METRICS,
    Draws,
    confusion,
    det_band,
    paired_differences,
    subsets,
    table,
)
from detect.evaluation.metrics import evaluate
from experiment.errors import DataError
from experiment.seeds import rng

SEEN, UNSEEN = ["copy1", "copy2"], ["copy3", "engine"]


def make_scores(gap=1.5, seed=0, speakers=12, per=10, split="test"):
    generator = rng(seed, "scores")
    rows = []
    for speaker in range(speakers):
        for kind in ["", *SEEN, *UNSEEN]:
            voice = f"{kind}:v{speaker % 2}" if kind == "engine" else f"s{speaker}"
            for take in range(per):
                clip = f"{split}-{speaker}-{kind}-{take}"
                rows.append((clip, kind, voice, generator.normal(0 if kind else gap)))
    frame = pd.DataFrame(rows, columns=["name", "attack", "speaker", "score"])
    frame["label"] = np.where(frame["attack"] == "", "bonafide", "spoof")
    return frame.assign(split=split, seen=frame["attack"].isin(SEEN), threshold=0.7)


def pick(rows, **where):
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return rows.iloc[0]


@pytest.fixture(scope="module")
def scores():
    return make_scores()


def test_the_table_has_every_part_and_the_right_numbers(scores):
    rows = table(scores, repeats=50)
    assert rows["group"].unique().tolist() == ["all", "seen", "unseen", *sorted(SEEN + UNSEEN)]
    assert set(rows["metric"]) == set(METRICS)
    real = scores[scores.label == "bonafide"].score
    spoof = scores[scores.attack == "engine"].score
    expected = evaluate(real, spoof, 0.7)
    for metric in METRICS:
        row = pick(rows, group="engine", metric=metric)
        assert row.value == pytest.approx(expected[metric])
        assert row.low <= row.value <= row.high
        assert (row.bonafide, row.spoof, row.speakers, row.repeats) == (120, 120, 14, 50)


def test_the_order_of_the_rows_changes_nothing(scores):
    shuffled = scores.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(table(scores, repeats=20), table(shuffled, repeats=20))


def test_the_same_seed_gives_the_same_intervals(scores):
    assert table(scores, repeats=20).equals(table(scores, repeats=20))
    assert not table(scores, repeats=20).equals(table(scores, repeats=20, seed=1))


def test_draws_in_portions_equal_draws_at_once(scores, monkeypatch):
    whole = table(scores, repeats=30)
    monkeypatch.setattr("detect.evaluation.intervals.CELLS", 2000)
    assert table(scores, repeats=30).equals(whole)


def test_whole_speakers_are_drawn(scores):
    frame = scores.reset_index(drop=True)
    drawn = Draws(frame, repeats=40, seed=0)
    for _, rows in frame.groupby("speaker").indices.items():
        assert (np.ptp(drawn.counts[:, drawn.inverse[rows]], axis=1) == 0).all()
    real = (frame.label == "bonafide").to_numpy()
    assert (drawn.counts[:, drawn.inverse[real]].sum(axis=1) == real.sum()).all()


def test_speakers_that_differ_widen_the_interval():
    calm = make_scores()
    shift = calm["speaker"].map(lambda name: rng(3, name).normal(0, 2))
    uneven = calm.assign(score=calm["score"] + shift)
    widths = []
    for frame in (calm, uneven):
        row = pick(table(frame, repeats=200), group="all", metric="auc")
        widths.append(row.high - row.low)
    assert widths[1] > 2 * widths[0]


def test_ninety_five_percent_intervals_cover():
    truth = evaluate(*(make_scores(seed=99, speakers=600).query(f"label == '{label}'").score
                       for label in ("bonafide", "spoof")))["auc"]  # fmt: skip
    hits = 0
    for seed in range(40):
        row = pick(table(make_scores(seed=seed), repeats=100), group="all", metric="auc")
        hits += row.low <= truth <= row.high
    assert hits >= 33


def test_twelve_detectors_take_less_than_a_minute():
    frame = make_scores(speakers=20, per=6)
    start = time.process_time()
    table(frame, repeats=500)
    assert 12 * (time.process_time() - start) < 60


def test_a_better_detector_shows_in_the_paired_difference():
    pairs = [(make_scores(1.0, seed), make_scores(2.0, seed)) for seed in range(3)]
    found = paired_differences(pairs, ["eer"], repeats=200)["eer"]
    assert found.high < 0
    assert (found.n, found.groups) == (600, 14)


def test_no_difference_is_exactly_zero(scores):
    found = paired_differences([(scores, scores)], ["auc"], repeats=50)["auc"]
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_pairing_is_tighter_than_two_intervals():
    before = make_scores(1.0)
    after = before.assign(score=before["score"] + 0.05 * rng(1).normal(size=len(before)))
    paired = paired_differences([(before, after)], ["auc"], repeats=200)["auc"]
    alone = pick(table(before, repeats=200), group="all", metric="auc")
    assert paired.high - paired.low < (alone.high - alone.low) / 3


def test_different_clips_cannot_be_paired(scores):
    with pytest.raises(DataError, match="600 and 599, of which 1"):
        paired_differences([(scores, scores.iloc[1:])])


def test_one_class_is_refused_with_its_counts(scores):
    with pytest.raises(DataError, match="split test: 120 bona fide and 0 spoof"):
        table(scores[scores.label == "bonafide"])


def test_thresholds_of_two_detectors_do_not_mix(scores):
    mixed = scores.assign(threshold=np.arange(len(scores)))
    with pytest.raises(DataError, match="one threshold"):
        table(mixed)


def test_confusion_counts_decisions_at_the_threshold(scores):
    counts = confusion(scores)
    real = scores[scores.label == "bonafide"]
    assert counts.loc["bonafide", "bonafide"] == (real.score >= 0.7).sum()
    assert counts.to_numpy().sum() == len(scores)
    assert confusion(real.head(1)).shape == (2, 2)


def test_the_band_of_a_det_curve_holds_the_curve(scores):
    low, value, high = det_band(scores, np.array([0.05, 0.2, 0.5]), repeats=100)
    assert (low <= value).all() and (value <= high).all() and (low < high).all()
    assert (np.diff(value) < 0).all()


def test_without_knowledge_of_training_there_are_no_seen_parts(scores):
    kinds = [kind for kind, _, _ in subsets(scores.drop(columns="seen"))]
    assert kinds == ["all"] + 4 * ["attack"]
