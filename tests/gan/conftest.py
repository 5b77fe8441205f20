"""One small training that many tests look at."""

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
