import numpy as np
import pytest

import fad
from experiment.errors import DataError
from fad.distance import influence
from fad.distance.frechet import factor, frechet_distance
from fad.embeddings.types import Dropped, Embeddings


def made(array, windows=1, **changes):
    clips = np.repeat(np.arange(len(array) // windows), windows).astype(str)
    fields = {"name": "logmel", "digest": "0" * 16, "preset": "google", "rate": 16000} | changes
    return Embeddings(**fields, array=np.asarray(array, np.float32), clips=clips)


def drawn(seed, clips=100, d=16, windows=3, spread=1.0):
    rng = np.random.default_rng(seed)
    shared = np.repeat(rng.standard_normal((clips, d)), windows, axis=0)
    return (shared + rng.standard_normal(shared.shape)) * spread


def test_reports_the_distance_with_its_provenance():
    x, y = drawn(0), drawn(1, clips=80)
    result = fad.score(made(x, 3), made(y, 3), seed=5)
    assert result.distance == pytest.approx(frechet_distance(x, y), rel=1e-5)
    assert result.interval.low < result.distance < result.interval.high
    assert (result.reference.clips, result.evaluated.windows) == (100, 240)
    assert result.identity["preset"] == "google"
    assert result == fad.score(made(x, 3), made(y, 3), seed=5)


@pytest.mark.parametrize(
    "change", [{"name": "yamnet"}, {"digest": "1" * 16}, {"preset": "torch"}, {"rate": 8000}]
)
def test_refuses_sets_that_differ(change):
    with pytest.raises(DataError, match="not comparable.*" + str(next(iter(change.values())))):
        fad.score(made(drawn(0), 3), made(drawn(1), 3, **change))


def test_influence_is_the_derivative_of_the_distance():
    """Moving the weight of one embedding moves the distance as its influence says."""
    x, y = drawn(2, clips=60, d=4, windows=1), drawn(3, clips=50, d=4, windows=1) * 1.5
    _, _, form = influence.transport(factor(x), factor(y))
    values = influence.influence(y, y.mean(axis=0) - x.mean(axis=0), form)
    heavy = np.concatenate([np.repeat(y, 4000, axis=0), np.repeat(y[[7]], 40, axis=0)])
    moved = frechet_distance(x, heavy) - frechet_distance(x, np.repeat(y, 4000, axis=0))
    assert moved * len(heavy) / 40 == pytest.approx(values[7] - values.mean(), rel=0.05)


@pytest.mark.parametrize("clips, d", [(100, 16), (30, 64)])
def test_the_interval_is_as_wide_as_redrawn_sets_differ(clips, d):
    pairs = [(drawn(2 * k, clips, d), drawn(2 * k + 1, clips, d, spread=1.3)) for k in range(60)]
    truth = np.std([frechet_distance(x, y) for x, y in pairs])
    widths = []
    for x, y in pairs[:8]:
        interval = fad.score(made(x, 3), made(y, 3)).interval
        widths.append((interval.high - interval.low) / (2 * 1.96))
    assert 0.75 * truth < np.mean(widths) < 1.6 * truth


def test_few_windows_are_warned_about_and_finite():
    result = fad.score(made(drawn(0, 4, 64), 3), made(drawn(1, 5, 64), 3))
    assert np.isfinite(result.distance) and result.distance > 0
    assert len(result.warnings) == 2 and "singular" in result.warnings[0]


def test_dropped_clips_are_counted():
    evaluated = made(drawn(1), 3)
    evaluated = Embeddings(
        **evaluated.identity_fields(),
        array=evaluated.array,
        clips=evaluated.clips,
        dropped=(Dropped("a.wav", "too short"),),
    )
    result = fad.score(made(drawn(0), 3), evaluated)
    assert result.evaluated.dropped[0].reason == "too short"
    assert any("1 clips dropped" in warning for warning in result.warnings)
