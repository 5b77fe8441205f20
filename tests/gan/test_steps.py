import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from gan import networks
from gan.losses import gradient_penalty
from gan.steps import Draws, Players


@pytest.fixture(scope="module")
def real(speech):
    from audio.clip import fit

    return np.stack([fit(clip.samples, 16384, "pad")[:, None] for clip in speech[:4]])


LABELS = np.zeros(4, "int32")


def values(network):
    return [variable.numpy() for variable in network.trainable_variables]


@pytest.mark.usefixtures("eager")
def test_one_critic_step_by_hand(config, real):
    """The first step of Adam moves by rate * g / (|g| + epsilon), the gradient being known."""
    players = Players(config)
    real = tf.constant(real)
    draw = Draws(config.seed, "critic", tf.constant(0))
    z = draw.uniform([4, config.latent], -1.0)
    shifts = [draw.shifts(4, 2) for _ in range(3)]
    weights = draw.uniform([4])
    fake = networks.call(players.generator, latent=z)
    judges = [lambda x, s=s: networks.call(players.critic, signal=x, shifts=s) for s in shifts]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(judges[1](fake)) - tf.reduce_mean(judges[0](real))
        loss += 10 * gradient_penalty(judges[2], real, fake, weights)
    kernels = players.critic.trainable_variables
    gradients = tape.gradient(loss, [variable.value for variable in kernels])
    before = values(players.critic)
    told = players.train_critic(real, LABELS, 0)
    assert float(told[0]) == pytest.approx(float(loss), rel=1e-4)
    for old, new, g in zip(before, values(players.critic), gradients, strict=True):
        g = g.numpy()
        clear = np.abs(g) > 1e-4
        np.testing.assert_allclose((new - old)[clear], -1e-4 * np.sign(g)[clear], rtol=5e-3)


@pytest.mark.usefixtures("eager")
def test_a_critic_step_leaves_the_generator_alone_and_the_reverse(config, real):
    players = Players(config)
    critic, generator = values(players.critic), values(players.generator)
    players.train_critic(*players.share(real, LABELS), 0)
    assert all(
        np.array_equal(a, b) for a, b in zip(generator, values(players.generator), strict=True)
    )
    critic = values(players.critic)
    players.train_generator(0)
    assert all(np.array_equal(a, b) for a, b in zip(critic, values(players.critic), strict=True))
    changed = [
        not np.array_equal(a, b) for a, b in zip(generator, values(players.generator), strict=True)
    ]
    assert all(changed)


@pytest.mark.usefixtures("eager")
def test_the_running_mean_warms_up(config):
    """After the first two steps its weights are (1 - d) w2 + d w1 with d = 2 / 11."""
    players = Players(config)
    players.train_generator(0)
    first = values(players.generator)
    old = values(players.mean)
    players.train_generator(1)
    second = values(players.generator)
    for mean, before, new in zip(values(players.mean), old, second, strict=True):
        np.testing.assert_allclose(mean, new + 2 / 11 * (before - new), atol=1e-7)
    assert not np.allclose(first[0], second[0], atol=1e-9)


def test_the_critic_learns_to_tell_one_clip_from_fakes(config, real):
    players = Players(dataclasses.replace(config, learning_rate=1e-3))
    batch = players.share(real[[0, 0, 0, 0]], LABELS)
    losses = [float(players.train_critic(*batch, number)[0]) for number in range(40)]
    assert np.mean(losses[-5:]) < losses[0] - 5


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("loss", ["wgan", "lsgan", "dcgan"])
def test_other_criteria_train(config, real, loss):
    players = Players(dataclasses.replace(config, loss=loss, r1=0.5 if loss == "dcgan" else 0.0))
    batch = players.share(real, LABELS)
    before = values(players.critic)
    told = players.train_critic(*batch, 0).numpy()
    assert np.isfinite([*told, float(players.train_generator(0))]).all()
    assert not np.array_equal(before[0], values(players.critic)[0])
    assert (told[2] > 0) == (loss == "dcgan")
    if loss == "wgan":
        assert max(np.abs(value).max() for value in values(players.critic)) <= np.float32(0.01)


@pytest.mark.usefixtures("eager")
def test_conditional_networks_train_every_weight(config, real):
    """All but the critic's last bias, which the difference of two means does not see."""
    players = Players(dataclasses.replace(config, model="specgan"), classes=3)
    images = np.random.default_rng(0).uniform(-1, 1, (4, 128, 128, 1)).astype("float32")
    before = values(players.critic), values(players.generator)
    constant = {id(players.critic.get_layer("output").bias)}
    players.train_critic(*players.share(images, np.array([0, 1, 2, 0], "int32")), 0)
    players.train_generator(0)
    for network, old in zip((players.critic, players.generator), before, strict=True):
        for variable, value in zip(network.trainable_variables, old, strict=True):
            assert id(variable) in constant or not np.array_equal(variable, value), variable.path


def test_draws_repeat_and_differ_by_step_stream_and_call():
    def draw(*key):
        return Draws(*key).uniform([5]).numpy()

    step = tf.constant(3)
    np.testing.assert_array_equal(draw(0, "critic", step), draw(0, "critic", step))
    others = [draw(1, "critic", step), draw(0, "generator", step), draw(0, "critic", step + 1)]
    twice = Draws(0, "critic", step)
    twice.uniform([5])
    for other in [*others, twice.uniform([5]).numpy()]:
        assert not np.allclose(other, draw(0, "critic", step))
    shifts = np.concatenate([Draws(0, "s", tf.constant(k)).shifts(4, 2) for k in range(50)])
    assert set(shifts) == {-2, -1, 0, 1, 2}


@pytest.mark.usefixtures("eager")
def test_bfloat16_keeps_float32_weights_and_agrees(config, real):
    losses = {}
    for precision in ("float32", "bfloat16"):
        players = Players(dataclasses.replace(config, precision=precision))
        assert {v.dtype for v in players.critic.trainable_variables} == {"float32"}
        losses[precision] = players.train_critic(*players.share(real, LABELS), 0).numpy()
    np.testing.assert_allclose(losses["bfloat16"], losses["float32"], rtol=0.05, atol=0.05)
    assert not np.array_equal(losses["bfloat16"], losses["float32"])


@pytest.mark.slow
def test_compiled_steps_agree(config, real):
    """Up to the random numbers, which XLA draws in its own way."""
    losses = {}
    for xla in ("off", "on"):
        players = Players(dataclasses.replace(config, xla=xla))
        losses[xla] = players.train_critic(*players.share(real, LABELS), 0).numpy()
    np.testing.assert_allclose(losses["on"], losses["off"], rtol=0.02, atol=1e-2)
