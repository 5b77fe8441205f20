import numpy as np
import pytest

from detect.models import stats_lr
from experiment.seeds import rng


@pytest.mark.parametrize("shape", [(20, 5, 1), (20, 5), (3, 20, 5)])
def test_the_network_is_the_regression_that_was_fitted(shape):
    from sklearn.linear_model import LogisticRegression

    real = np.arange(40) < 25
    features = rng(0).normal(size=(40, *shape)).astype(np.float32)
    features[real] *= 1.3
    network = stats_lr.fit(features, real, seed=0, penalty=0.5)
    x = stats_lr.statistics(features)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    machine = LogisticRegression(C=0.5, class_weight="balanced", max_iter=2000).fit(x, real)
    logits = np.ravel(network(features))
    np.testing.assert_allclose(logits, machine.decision_function(x), atol=1e-4)


def test_what_is_constant_has_no_weight():
    features = rng(0).normal(size=(30, 20, 4)).astype(np.float32)
    features[..., 2] = 7
    network = stats_lr.fit(features, np.arange(30) % 2 == 0, seed=0)
    kernel = network.get_layer("decision").get_weights()[0].ravel()
    assert kernel[2] == kernel[4 + 2] == 0
    assert np.all(kernel[[0, 1, 3]] != 0)
