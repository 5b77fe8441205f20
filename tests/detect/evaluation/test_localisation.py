import numpy as np
import pytest

from audio.segments import text_of
from detect.evaluation.localisation import (
    Timeline,
    frame_threshold,
    overlap_f1,
    point_eer,
    range_eer,
)
from experiment.errors import DataError


def drawn(seed, count=6, step=0.1):
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        edges = np.r_[0, np.sort(generator.uniform(0.2, 3.8, 3)).round(3), 4.0]
        scores = generator.normal(size=40).round(1)
        found.append(Timeline(scores, step, text_of(edges, [False, True, False, True])))
    return found


def by_force(timelines):
    """Search every threshold; measure the seconds of each error by intersecting intervals."""
    from audio.segments import parse

    values = np.unique(np.concatenate([one.scores for one in timelines]))
    best = (np.inf, None)
    for threshold in [*values, np.inf]:
        wrong, whole = np.zeros(2), np.zeros(2)
        for one in timelines:
            edges, spoof = parse(one.segments)
            for start, end, fake in zip(edges[:-1], edges[1:], spoof, strict=True):
                whole[int(fake)] += end - start
                for k, score in enumerate(one.scores):
                    common = min(end, (k + 1) * one.step) - max(start, k * one.step)
                    if common > 0 and (score >= threshold) == fake:
                        wrong[int(fake)] += common
        rates = wrong / whole
        best = min(best, (abs(rates[0] - rates[1]), rates.mean()), key=lambda pair: pair[0])
    return best[1]


@pytest.mark.parametrize("seed", range(5))
def test_range_eer_is_that_of_a_search(seed):
    timelines = drawn(seed)
    assert range_eer(timelines) == pytest.approx(by_force(timelines), abs=0.01)


def test_frames_on_boundaries_are_points_of_one_class_and_time_of_both():
    timelines = [Timeline(np.array([1.0, -1.0, -2.0]), 1.0, "0-1.25-bonafide/1.25-3-spoof")]
    assert point_eer(timelines) == 0
    assert range_eer(timelines) == pytest.approx((0.25 / 1.25 + 0) / 2)


def test_stretches_that_meet_the_truth_are_counted_once():
    truth = "0-1-bonafide/1-2-spoof/2-3-bonafide/3-4-spoof"
    scores = np.ones(40)
    scores[10:19] = -1  # nine tenths of the first
    scores[35:38] = -1  # three tenths of the second
    found = overlap_f1([Timeline(scores, 0.1, truth)], 0.0)
    assert found == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "found": 2, "true": 2}
    assert overlap_f1([Timeline(scores, 0.1, truth)], 0.0, least=0.25)["f1"] == 1
    assert overlap_f1([Timeline(np.ones(40), 0.1, truth)], 0.0)["f1"] == 0
    with pytest.raises(DataError, match="nothing to find"):
        overlap_f1([Timeline(np.ones(40), 0.1, "0-4-bonafide")], 0.0)


def test_the_threshold_parts_what_can_be_parted():
    timelines = [Timeline(np.array([2.0, 2.0, -1.0, -1.0]), 1.0, "0-2-bonafide/2-4-spoof")]
    assert -1 < frame_threshold(timelines) <= 2
    assert point_eer(timelines) == 0
