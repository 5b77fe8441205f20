import numpy as np
import pytest

from audio.clip import fit
from experiment.errors import DataError
from gan import health


@pytest.fixture(scope="module")
def real(speech):
    return np.stack([fit(clip.samples, 16384) for clip in speech])


def click(n):
    audio = np.zeros((n, 16384), "float32")
    audio[np.arange(n), np.random.default_rng(0).integers(16384, size=n)] = 0.9
    return audio


def tone(n):
    t = np.arange(16384) / 16000
    return np.stack([0.5 * np.sin(2 * np.pi * f * t) for f in np.linspace(300, 900, n)]).astype(
        "f4"
    )


def test_speech_is_in_good_health(real):
    measures = health.measure(real[:16], real[16:], 16000)
    assert health.findings(measures) == []
    assert measures["spread"] == pytest.approx(1, abs=0.2)
    assert 0.7 < measures["nearest"] < 1.4


@pytest.mark.parametrize(
    "audio, words",
    [
        (np.zeros((8, 16384), "float32"), "silence"),
        (click(8), "clicks"),
        (tone(8), "one tone"),
        (np.full((8, 16384), np.nan, "float32"), "diverged"),
    ],
)
def test_faults_are_named(real, audio, words):
    assert words in "; ".join(health.findings(health.measure(audio, real, 16000)))


def test_one_clip_over_and_over_is_little_variety(real):
    noise = np.random.default_rng(0).normal(0, 1e-4, (8, 16384)).astype("float32")
    measures = health.measure(real[:1] + noise, real, 16000)
    assert "little variety" in "; ".join(health.findings(measures))


def test_copies_are_found(real):
    vectors = health.features(real, 16000)
    index, distance = health.nearest(vectors[[5, 3]], vectors)
    assert index.tolist() == [5, 3]
    np.testing.assert_allclose(distance, 0, atol=1e-2)
    assert health.measure(real[:8], real, 16000)["nearest"] < 0.05


def test_distances_and_spread_by_hand():
    vectors = np.array([[0.0, 0.0], [3.0, 4.0]], "float32")
    expected = np.sqrt(25 / 2)
    np.testing.assert_allclose(health.distances(vectors, vectors), [[0, expected], [expected, 0]])
    assert health.spread(vectors) == pytest.approx(expected)


def test_one_clip_has_no_spread(real):
    with pytest.raises(DataError, match="1 generated"):
        health.measure(real[:1], real, 16000)
