import numpy as np
import pytest
import tensorflow as tf

from gan.config import GanConfig
from gan.copyists import NAMES, Copyists

SMALL = {"dim": 16, "depth": 2, "critic_dim": 4, "batch": 2, "samples": 8192, "warm_up": 2}


@pytest.fixture(scope="module")
def players():
    """Without graphs, whose building would take most of the time of three steps."""
    tf.config.run_functions_eagerly(True)
    yield Copyists(GanConfig(model="codec", mel_weight=1.0, **SMALL))
    tf.config.run_functions_eagerly(False)


def values(variables):
    return [variable.numpy() for variable in variables]


def moved(before, variables):
    return [not np.array_equal(a, b) for a, b in zip(before, values(variables), strict=True)]


def step(players, audio, number):
    return players.step(iter([players.prepare(audio, None)]), number)


@pytest.fixture(scope="module")
def audio(sound):
    return np.stack([sound[:8192], sound[8192:16384]])[..., None]


def test_steps_from_the_same_state_are_the_same_step(players, audio):
    """Spectral losses alone at first, then critics, and that once more from the state before."""
    critic, generator = (values(n.trainable_variables) for n in (players.critic, players.generator))
    losses = [step(players, audio, number) for number in (0, 1)]
    assert all(set(told) == set(NAMES) for told in losses)
    assert not any(moved(critic, players.critic.trainable_variables))
    assert all(moved(generator, players.generator.trainable_variables))
    assert losses[0]["critic"] == losses[0]["features"] == 0 < losses[0]["mel"]
    kept = values(players.variables())
    first = step(players, audio, 2)
    changed = moved(critic, players.critic.trainable_variables)
    assert sum(changed) >= len(changed) - 3  # the hinge may balance on the bias of a verdict
    after = values(players.variables())
    for variable, value in zip(players.variables(), kept, strict=True):
        variable.assign(value)
    again = step(players, audio, 2)
    for name in NAMES:
        assert again[name] == pytest.approx(first[name], rel=1e-5), name
    for one, other in zip(after, values(players.variables()), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-3, atol=1e-5)
    config = players.config
    weights = (config.mel_weight, config.stft_weight, config.feature_weight)
    terms = [first[name] for name in ("mel", "stft", "features")]
    total = np.dot(weights, terms) + first["adversarial"] + first["commitment"]
    assert first["generator"] == pytest.approx(total, rel=1e-5)
