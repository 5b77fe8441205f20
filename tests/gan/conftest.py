"""One small training that many tests look at, and a sound like speech."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def config():
    from gan.config import GanConfig

    return GanConfig(dim=2, batch=4, critic_steps=2, check_every=2, precision="float32")


@pytest.fixture(scope="session")
def trained(config, speech, tmp_path_factory):
    """Run folder of four steps."""
    from gan.training import train

    return train(config, speech, tmp_path_factory.mktemp("gan") / "run", steps=4).folder


@pytest.fixture(scope="session")
def sound():
    """A gliding tone with harmonics, pauses and hiss: two seconds at 16 kHz, [32768], float32."""
    draw = np.random.default_rng(0)
    time = np.arange(32768) / 16000
    phase = 2 * np.pi * (120 * time + 10 * np.sin(2 * np.pi * 1.5 * time))
    voice = sum(np.sin(k * phase) / k for k in range(1, 20))
    envelope = np.clip(np.sin(2 * np.pi * 3 * time), 0, 1)
    return (0.1 * voice * envelope + 0.002 * draw.normal(size=32768)).astype("float32")


@pytest.fixture
def eager():
    """Without graphs, whose building would take most of the time of a few steps."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
