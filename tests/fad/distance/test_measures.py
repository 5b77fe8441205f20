import numpy as np
import pytest

from experiment.errors import DataError
from fad.distance import coverage, kad, memorisation, outliers
from fad.distance.frechet import frechet_distance
from fad.distance.infinity import fad_infinity, parts
from fad.distance.measures import METRICS
from fad.distance.ranking import holm, p_difference, ranking
from fad.distance.scoring import score
from fad.embeddings.types import Embeddings


def made(array, windows=1, prefix="", **fields):
    clips = [f"{prefix}{k // windows:04d}" for k in range(len(array))]
    known = {"name": "logmel", "digest": "0", "preset": "google", "rate": 16000}
    return Embeddings(**known, **fields, array=np.asarray(array, np.float32), clips=np.array(clips))


def normal(seed, n, d):
    return np.random.default_rng(seed).standard_normal((n, d))


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_tells_near_from_far_with_an_interval(name):
    reference, near = made(normal(0, 120, 6)), made(normal(1, 120, 6))
    far = made(normal(2, 120, 6) + 2)
    for close, distant in zip(
        METRICS[name](reference, near, 0, 200), METRICS[name](reference, far, 0, 200), strict=True
    ):
        assert close["low"] <= close["value"] <= close["high"]
        assert abs(distant["value"] - close["value"]) > close["high"] - close["low"]
        assert METRICS[name](reference, near, 0, 200)[0]["value"] == pytest.approx(
            METRICS[name](reference, near, 0, 200)[0]["value"], abs=0
        )


def test_infinity_is_unbiased_where_the_plain_distance_is_not():
    """N = 1000, d = 128, one distribution: the truth is 0."""
    spectrum = 1 / np.sqrt(np.arange(1, 129))
    values, plain = [], []
    for k in range(3):
        x, y = (normal(2 * k + side, 1000, 128) * spectrum for side in (0, 1))
        found = fad_infinity(made(x), made(y), seed=k)
        assert found.interval.low < 0 < found.interval.high
        assert abs(found.interval.value) < 0.02
        values.append(found.interval.value)
        plain.append(frechet_distance(x, y))
    assert abs(np.mean(values)) < 0.01 < 0.15 < np.mean(plain)


def test_infinity_finds_a_distance_that_is_there():
    found = fad_infinity(made(normal(0, 2000, 16)), made(normal(1, 2000, 16) * 1.5))
    assert found.interval.low < 0.25 * 16 < found.interval.high
    assert found.interval.value == pytest.approx(0.25 * 16, abs=0.2)


def test_parts_are_disjoint_whole_clips():
    embeddings = made(np.arange(30)[:, None], windows=3)
    pieces = parts(embeddings, 3, np.random.default_rng(0))
    assert sorted(np.concatenate(pieces).ravel()) == list(range(30))
    for piece in pieces:
        assert (np.bincount(piece.ravel().astype(int) // 3, minlength=10) % 3 == 0).all()


def test_infinity_refuses_too_few_clips_and_warns_where_it_is_no_line():
    with pytest.raises(DataError, match="6 clips"):
        fad_infinity(made(normal(0, 5, 2)), made(normal(1, 9, 2)))
    assert fad_infinity(made(normal(0, 30, 16)), made(normal(1, 30, 16))).warnings


def textbook_kad(x, y, bandwidth):
    def kernel(a, b):
        return np.exp(-((a[:, None] - b[None]) ** 2).sum(-1) / (2 * bandwidth**2))

    n, m = len(x), len(y)
    xx = (kernel(x, x).sum() - n) / (n * (n - 1))
    yy = (kernel(y, y).sum() - m) / (m * (m - 1))
    return 100 * (xx + yy - 2 * kernel(x, y).mean())


def test_kad_equals_the_whole_matrix(monkeypatch):
    x, y = normal(0, 90, 5), normal(1, 70, 5) + 0.3
    bandwidth = np.median(np.linalg.norm(x[:, None] - x[None], axis=-1)[np.triu_indices(90, 1)])
    assert kad.median_distance(x) == pytest.approx(bandwidth, rel=1e-5)
    monkeypatch.setattr(kad, "BLOCK", 32)
    expected = textbook_kad(x, y, bandwidth)
    assert kad.kernel_audio_distance(x, y) == pytest.approx(expected, abs=1e-3)
    assert kad.kad(made(x), made(y)).interval.value == pytest.approx(expected, abs=1e-3)


def test_kad_takes_its_bandwidth_from_the_reference():
    x = normal(0, 50, 4)
    wide, narrow = made(normal(1, 50, 4) * 9), made(normal(2, 50, 4))
    assert kad.kad(made(x), wide).bandwidth == kad.kad(made(x), narrow).bandwidth


def test_kad_is_unbiased_at_small_n():
    values = [
        kad.kernel_audio_distance(normal(k, 8, 3), normal(500 + k, 8, 3), 2.0) for k in range(400)
    ]
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(len(values))


def test_kad_p_value_is_uniform_where_nothing_differs_and_small_where_something_does():
    p = [
        kad.kad(made(normal(k, 30, 3)), made(normal(99 + k, 30, 3)), seed=k, repeats=2).p
        for k in range(60)
    ]
    assert 0.3 < np.mean(p) < 0.7 and 0.02 < np.mean(np.array(p) < 0.2) < 0.4
    assert kad.kad(made(normal(0, 30, 3)), made(normal(1, 30, 3) + 1)).p < 0.01


def test_precision_and_recall_by_hand():
    """Five neighbours on a line: balls reach 5 to either side."""
    x = made(np.arange(20.0)[:, None])
    inside = coverage.prdc(x, made(np.arange(20.0)[:, None], prefix="y"))
    assert [inside[name].value for name in ("precision", "recall", "coverage")] == [1, 1, 1]
    half = coverage.prdc(x, made(np.concatenate([np.arange(10.0), np.arange(10.0) + 1e3])[:, None]))
    assert half["precision"].value == 0.5
    assert half["recall"].value < 1


def test_windows_of_one_clip_are_no_neighbours():
    x = np.repeat(np.arange(12.0), 6)[:, None]
    clips = np.repeat(np.arange(12), 6).astype(str)
    assert (coverage.radii(x.astype(np.float32), clips, 5) == 1).all()
    with pytest.raises(DataError, match="5 windows of other clips"):
        coverage.radii(np.zeros((8, 1), np.float32), np.repeat(["a", "b"], 4), 5)


def test_the_farthest_clip_is_the_odd_one():
    x = normal(0, 200, 4)
    y = normal(1, 60, 4)
    y[30:33] += 20
    rows = outliers.per_clip(made(x, 3), made(y, 3))
    assert rows[0]["name"] == "0010" and rows[0]["fad"] > 10 * rows[1]["fad"]
    single = outliers.per_clip(made(x), made(y[:1]))[0]
    gap = y[0].astype(np.float32) - x.astype(np.float32).mean(axis=0)
    expected = gap @ gap + np.trace(np.cov(x.T))
    assert single["fad"] == pytest.approx(expected, rel=1e-4)


def test_copies_of_training_clips_are_found():
    training = made(normal(0, 300, 32), prefix="train")
    held_out = made(normal(1, 100, 32), prefix="held")
    fresh = made(normal(2, 100, 32), prefix="fake")
    copies = made(training.array[50:150] + 0.1 * normal(3, 100, 32), prefix="copy")
    clean = memorisation.memorisation(training, held_out, fresh)
    assert clean.interval.low <= 0.05 <= clean.interval.high and clean.p > 0.01
    caught = memorisation.memorisation(training, held_out, copies)
    assert caught.interval.low > 0.9 and caught.p < 1e-6
    found = {pair["name"]: pair["nearest"] for pair in caught.pairs}
    assert found["copy0007"] == "train0057"


def test_memorisation_needs_one_network():
    other = Embeddings("yamnet", "1", "google", 16000, normal(0, 5, 3), np.arange(5).astype(str))
    with pytest.raises(DataError, match="different networks"):
        memorisation.memorisation(made(normal(0, 5, 3)), made(normal(1, 5, 3)), other)


def test_ranking_tells_which_differences_hold():
    reference = made(normal(0, 300, 5), prefix="r")
    sets = {
        "far": made(normal(1, 300, 5) + 3, prefix="a"),
        "near": made(normal(2, 300, 5), prefix="b"),
        "also near": made(normal(3, 300, 5), prefix="c"),
    }
    scores = {name: score(reference, one) for name, one in sets.items()}
    rows = ranking(scores)
    assert [row["rank"] for row in rows] == [1, 2, 3] and rows[2]["set"] == "far"
    assert rows[0]["p_above"] is None and rows[1]["p_above"] > 0.05 > rows[2]["p_above"]
    assert p_difference(scores["near"], scores["near"]) == 1


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
