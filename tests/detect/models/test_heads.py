import numpy as np
import pytest

from detect import MODELS
from detect.layers import WeightedSum

HEADS = ["stats_lr", "attentive", "mhfa", "sls", "nes2net", "ssl_aasist"]
XLSR = (201, 1024)  # 64,600 samples in XLS-R 300M
SHAPES = [(30, 64, 1), (30, 128), (3, 30, 128)]


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_head_takes_pictures_hidden_states_and_blocks(name, shape):
    network = MODELS[name].build(shape)
    assert network.output_shape == (None, 1)
    assert np.isfinite(network(np.ones((2, *shape), np.float32))).all()


# thousands of trainable parameters: T. Liu et al. 2025, table II, which count two logits
@pytest.mark.parametrize("name, published", [("nes2net", 511), ("ssl_aasist", 447), ("sls", 23399)])
def test_heads_are_as_large_as_published(name, published):
    network = MODELS[name].build(XLSR)
    trainable = sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)
    assert abs(trainable / 1000 - published) < 1.5


def test_mhfa_is_as_large_as_its_formula():
    network = MODELS["mhfa"].build((13, 100, 768), heads=8)
    projections = 2 * (768 * 128 + 128) + 128 * 8 + 8 + 8 * 128 * 256 + 256
    assert network.count_params() == 2 * 13 + projections + 257


def test_aasist_takes_samples_or_hidden_states():
    assert MODELS["aasist"].build((30, 128)).name == "ssl_aasist"
    assert MODELS["aasist"].build((64600, 1)).name == "aasist"


def test_blocks_count_the_same_until_they_are_trained():
    x = np.random.default_rng(0).standard_normal((2, 4, 5, 6)).astype(np.float32)
    for softmax in (True, False):
        found = WeightedSum(1, softmax=softmax)(x)
        np.testing.assert_allclose(found, x.mean(axis=1), atol=1e-6)


def test_the_order_of_frames_does_not_matter_to_what_pools_over_time():
    x = np.random.default_rng(0).standard_normal((2, 30, 128)).astype(np.float32)
    for name in ("stats_lr", "attentive", "mhfa"):
        network = MODELS[name].build((30, 128))
        np.testing.assert_allclose(network(x), network(x[:, ::-1]), atol=1e-4)
