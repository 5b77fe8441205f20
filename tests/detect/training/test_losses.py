import numpy as np
import pytest

from detect.layers import Cosine
from detect.training.losses import LOSSES, cross_entropy, focal, one_class, suited

tf = pytest.importorskip("tensorflow")
ONE = np.ones(2, np.float32)
REAL = np.array([1, 0], np.float32)


@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_pulls_the_classes_apart(name):
    logits = tf.Variable([0.1, 0.1])
    with tf.GradientTape() as tape:
        value = LOSSES[name](logits, REAL, ONE)
    real, spoof = tape.gradient(value, logits).numpy()
    assert real < 0 < spoof


@pytest.mark.parametrize("name", LOSSES)
def test_a_clip_without_weight_does_not_count(name):
    weights = np.array([1, 0], np.float32)
    values = [float(LOSSES[name](np.float32([0.3, x]), REAL, weights)) for x in (-5, 5)]
    assert values[0] == values[1]


def test_known_answers():
    logits = np.float32([0, 0])
    assert float(cross_entropy(logits, REAL, ONE)) == pytest.approx(np.log(2))
    assert float(focal(logits, REAL, ONE)) == pytest.approx(np.log(2) / 4)


@pytest.mark.parametrize(
    "cosines, expected",
    [
        ([0.9, 0.2], np.log(2)),
        ([1.0, -1.0], (np.log1p(np.exp(-2)) + np.log1p(np.exp(-24))) / 2),
        ([0.2, 0.9], np.log1p(np.exp(14))),
    ],
)
def test_one_class_softmax_at_its_margins(cosines, expected):
    assert float(one_class(np.float32(cosines), REAL, ONE)) == pytest.approx(expected, rel=1e-5)


def test_the_cosine_is_that_of_embedding_and_direction():
    layer = Cosine()
    layer.build((None, 2))
    layer.direction.assign([[3.0], [4.0]])
    rows = np.float32([[3, 4], [30, 40], [-3, -4], [4, -3], [1, 0], [0, 0]])
    assert layer(rows).numpy()[:, 0] == pytest.approx([1, 1, -1, 0, 0.6, 0], abs=1e-6)


def test_one_class_gets_a_network_that_gives_cosines():
    from detect.models.cnn import build

    network = build((16, 16, 1), width=2)
    assert suited(network, "focal") is network
    cosines = suited(network, "one_class")
    assert cosines.output_shape == network.output_shape
    assert cosines.count_params() == network.count_params() - 1
    features = 100 * np.random.default_rng(0).normal(size=(8, 16, 16, 1)).astype(np.float32)
    assert np.abs(cosines(features).numpy()).max() <= 1 + 1e-6
