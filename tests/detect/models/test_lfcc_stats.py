import numpy as np
import pytest

from detect.models import lfcc_stats

keras = pytest.importorskip("keras")


def features(n=40, frames=50):
    generator = np.random.default_rng(0)
    steady = generator.normal(size=(n // 2, frames, 5, 1))
    rare = generator.normal(size=(n // 2, frames, 5, 1)) ** 3 / np.sqrt(15)
    return np.concatenate([steady, rare]).astype(np.float32), np.arange(n) < n // 2


def measured(network, x):
    return np.asarray(keras.Model(network.input, network.get_layer("statistics").output)(x))


def test_the_statistics_are_spread_and_shape_of_the_coefficients_and_their_differences():
    x, _ = features(2)
    found = measured(lfcc_stats.build(x.shape[1:]), x).reshape(2, 3, 2, 5)
    for order in range(3):
        y = np.diff(x[..., 0].astype(float), order, axis=1)
        deviation = y.std(axis=1)
        absolute = np.abs(y - y.mean(axis=1, keepdims=True)).mean(axis=1)
        assert np.allclose(found[:, order, 0], np.log(deviation), atol=1e-4)
        assert np.allclose(found[:, order, 1], np.log(absolute / deviation), atol=1e-4)


def test_what_stays_the_same_over_a_recording_is_not_seen():
    x, real = features()
    network = lfcc_stats.fit(x, real, 0)
    shifted = x + np.linspace(-1, 1, 5, dtype=np.float32)[:, None]
    assert np.allclose(network(x), network(shifted), atol=1e-3)


def test_the_network_parts_what_has_the_same_spread_and_another_shape():
    x, real = features()
    logits = np.asarray(lfcc_stats.fit(x, real, 0)(x))[:, 0]
    assert logits[real].min() > logits[~real].max()
    assert np.array_equal(logits, np.asarray(lfcc_stats.fit(x, real, 7)(x))[:, 0])


def test_steady_clips_give_finite_logits():
    x, real = features()
    network = lfcc_stats.fit(x, real, 0)
    assert np.isfinite(network(np.zeros_like(x))).all()
