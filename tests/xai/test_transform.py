import numpy as np
import pytest

from xai import transform


@pytest.mark.parametrize("samples", [512, 1000, 16000, 16001])
def test_inverse_and_adjoint(samples):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 3, samples)).astype(np.float32)
    spectrum = transform.forward(x)
    times, frequencies = transform.axes(samples, 16000)
    assert spectrum.shape == (3, len(times), len(frequencies))
    np.testing.assert_allclose(transform.inverse(spectrum, samples), x, atol=1e-5)
    shared = transform.product(x, y).sum(axis=(1, 2))
    np.testing.assert_allclose(shared, (x * y).sum(axis=1), atol=1e-2)


def test_frames_are_where_they_say():
    x = np.zeros(16000, np.float32)
    x[8000] = 1
    power = (np.abs(transform.forward(x)) ** 2).sum(axis=1)
    times, _ = transform.axes(16000, 16000)
    assert abs(times[power.argmax()] - 0.5) <= transform.HOP / 16000
    tone = np.cos(2 * np.pi * 1000 * np.arange(16000) / 16000).astype(np.float32)
    _, frequencies = transform.axes(16000, 16000)
    assert frequencies[np.abs(transform.forward(tone))[20].argmax()] == 1000
