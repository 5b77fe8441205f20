import numpy as np
import pytest

from detect.losses import LOSSES, cross_entropy, focal

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
