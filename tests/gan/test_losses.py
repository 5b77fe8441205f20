import numpy as np
import pytest
import tensorflow as tf

from gan.config import LOSSES as NAMES
from gan.losses import LOSSES, gradient_norm, gradient_penalty, r1_penalty

REAL, FAKE = tf.constant([[2.0], [0.0]]), tf.constant([[-1.0], [0.0]])
KNOWN = {
    "wgan-gp": (-1.5, 0.5),
    "wgan": (-1.5, 0.5),
    "lsgan": ((1 + 1) / 4 + (1 + 0) / 4, (4 + 1) / 2),
    "dcgan": (
        (np.log1p(np.exp(-2)) + np.log(2)) / 4 + (np.log1p(np.exp(-1)) + np.log(2)) / 4,
        (np.log1p(np.exp(1)) + np.log(2)) / 2,
    ),
}


@pytest.mark.parametrize("name", list(LOSSES))
def test_values_worked_by_hand(name):
    loss = LOSSES[name]
    values = loss.critic(REAL, FAKE), loss.generator(FAKE)
    np.testing.assert_allclose(values, KNOWN[name], rtol=1e-6)


def test_the_configuration_knows_every_criterion():
    assert tuple(LOSSES) == NAMES


@pytest.mark.parametrize(
    "name, rate, settings",
    [
        ("wgan-gp", 1e-4, {"beta_1": 0.5, "beta_2": 0.9}),
        ("wgan", 5e-5, {}),
        ("lsgan", 1e-4, {}),
        ("dcgan", 2e-4, {"beta_1": 0.5}),
    ],
)
def test_optimisers_are_those_of_the_reference(name, rate, settings):
    optimizer = LOSSES[name].optimizer()
    assert float(optimizer.learning_rate) == pytest.approx(rate)
    assert settings.items() <= optimizer.get_config().items()
    assert type(optimizer).__name__ == ("Adam" if settings else "RMSprop")
    assert float(LOSSES[name].optimizer(0.5).learning_rate) == 0.5


def linear(weights):
    return lambda x: tf.reduce_sum(x * weights, axis=[1, 2])[:, None]


def test_penalties_of_a_linear_critic_in_closed_form():
    draw = np.random.default_rng(0)
    weights = draw.normal(size=(8, 2)).astype("float32")
    real, fake = draw.normal(size=(2, 5, 8, 2)).astype("float32")
    norm = np.linalg.norm(weights)
    critic = linear(weights)
    penalty = gradient_penalty(critic, real, fake, draw.random(5).astype("float32"))
    assert float(penalty) == pytest.approx((norm - 1) ** 2, rel=1e-5)
    assert float(r1_penalty(critic, tf.constant(real))) == pytest.approx(norm**2 / 2, rel=1e-5)


def test_the_penalty_looks_between_real_and_fake():
    """The gradient of sum x^2 / 2 is x itself, so that its norm tells where it was taken."""
    real, fake = tf.zeros([3, 4, 1]), tf.ones([3, 4, 1])
    weights = tf.constant([0.0, 0.5, 1.0])
    penalty = gradient_penalty(lambda x: tf.reduce_sum(x**2, [1, 2]) / 2, real, fake, weights)
    norms = np.array([0, 1, 2])
    assert float(penalty) == pytest.approx(np.mean((norms - 1) ** 2), rel=1e-5)


def test_the_root_is_safe_where_the_critic_is_flat():
    weights = tf.Variable(tf.zeros([4, 1]))
    with tf.GradientTape() as tape:
        norm = tf.reduce_sum(gradient_norm(linear(weights), tf.ones([2, 4, 1])))
    assert np.isfinite(tape.gradient(norm, weights)).all()
