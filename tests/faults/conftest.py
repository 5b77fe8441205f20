"""The shipped detector, and a fake of four lines of arithmetic."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def starter():
    from detect.use.default import DEFAULT
    from detect.use.loading import load

    return load(DEFAULT)


@pytest.fixture(scope="session")
def voice():
    """Two seconds of a buzz with a syllable rate: what the tests spoil."""
    t = np.arange(32000) / 16000
    buzz = sum(np.sin(2 * np.pi * 120 * k * t) / k for k in range(1, 40))
    noise = np.random.default_rng(0).normal(0, 0.01, len(t))
    return (0.1 * buzz * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * t)) + noise).astype(np.float32)
