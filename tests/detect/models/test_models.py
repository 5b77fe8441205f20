"""One contract for every entry of detect.MODELS."""

import dataclasses
import functools
import subprocess
import sys

import numpy as np
import pytest

from detect import MODELS
from detect.training.optimise import initialised
from detect.use.detector import Detector
from experiment.errors import DataError, UsageError
from experiment.seeds import rng

keras = pytest.importorskip("keras")
SMALL = {
    "mobilenet": {"alpha": 0.25},
    "rawnet2": {"units": 16},
    "lstm": {"units": 8},
    "senet154": {"width": 32, "depths": (1, 1, 1, 1)},
    "nes2net": {"groups": 2, "scale": 2},
}
LARGE = ["vgg16", "inceptionv3", "efficientnetb0"]  # made of the layers of the others
SECONDS = {"inceptionv3": 1.2}  # what its pooling takes at least


@pytest.fixture(params=MODELS)
def built(request):
    return once(request.param)


@pytest.fixture(params=[name for name in MODELS if name not in LARGE])
def detector(request):
    return once(request.param)


def untrained(name):
    """The model as it stands in the registry, narrow and on little sound."""
    front_end = dataclasses.replace(MODELS[name].front_end, seconds=SECONDS.get(name, 0.6))
    with initialised(0):
        network = MODELS[name].build(front_end.shape, **SMALL.get(name, {}))
    return Detector(name, front_end, network)


once = functools.lru_cache(untrained)


def noise(network, n=2):
    """Features that no weight of an untrained network is blind to."""
    return rng(0).normal(size=(n, *network.input_shape[1:])).astype(np.float32)


def test_a_network_takes_its_front_end_and_gives_one_logit(built):
    network = built.network
    assert network.input_shape[1:] == built.front_end.shape
    assert network.output_shape == (None, 1)
    assert network.layers[-1].get_config().get("activation", "linear") == "linear"


def test_a_network_is_flat(built):
    assert not any(isinstance(layer, keras.Model) for layer in built.network.layers)
    assert not any(isinstance(layer, keras.layers.Lambda) for layer in built.network.layers)


def test_the_gradient_reaches_the_input(detector):
    import tensorflow as tf

    features = tf.Variable(noise(detector.network))
    with tf.GradientTape() as tape:
        logits = detector.network(features, training=False)
    gradient = tape.gradient(logits, features)
    assert gradient is not None
    assert np.isfinite(gradient.numpy()).all()


def test_what_is_saved_scores_the_same(detector, tmp_path):
    """By single operations: compiling both networks would take most of the time."""
    detector.save(tmp_path)
    again = Detector.load(tmp_path)
    features = noise(detector.network)
    logits = [one.network(features, training=False).numpy() for one in (again, detector)]
    assert np.array_equal(*logits)
    assert again.digest == detector.digest
    assert again.front_end == detector.front_end


def test_a_former_name_finds_its_model():
    assert MODELS["graph"] is MODELS["gnn"] and "graph" in MODELS
    assert "graph" not in list(MODELS) and "graf" not in MODELS
    with pytest.raises(KeyError):
        MODELS["graf"]


def test_the_same_seed_builds_the_same_network(detector):
    weights = untrained(detector.model).network.get_weights()
    for ours, theirs in zip(detector.network.get_weights(), weights, strict=True):
        assert np.array_equal(ours, theirs)


def test_listing_the_models_does_not_import_tensorflow():
    code = "import sys, detect, audio.frontends; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def large(*values):
    """A case of a network that takes seconds to build."""
    return pytest.param(*values, marks=pytest.mark.slow)


IDLE_AASIST = 2 * (32 + 32 + 3 * 64)
IDLE_LIGHT = 2 * (32 + 32 + 3 * 24)
IDLE_RAWNET2 = 2 * (20 + 20 + 3 * 128)
# model, options, shape, published number of trainable parameters, and what ours has fewer: the head
# that one logit needs less of, the normalisations of residual blocks whose output the published
# code leaves unused, and the second bias of PyTorch's LSTM gates
TRAINABLE = [
    ("aasist", {}, (64600, 1), 297_866, 161 + IDLE_AASIST),
    ("aasist", {"preactivated": True}, (64600, 1), 297_866, 161),
    ("aasist_l", {}, (64600, 1), 85_306, 161 + IDLE_LIGHT),
    ("rawnet2", {}, (64600, 1), 17_621_410, 1025 + IDLE_RAWNET2),
    ("lcnn", {}, (201, 60, 1), 269_729, 4 * 4 * 48),
    ("resnet18", {}, (64, 64, 3), 11_177_538, 513),
    ("res2net50", {}, (64, 64, 1), 883_806, 257),
    large("res2net50", {"image": True}, (64, 64, 3), 23_654_218, 2049),
    ("se_res2net50", {}, (64, 64, 1), 923_102, 257),
    large("senet154", {}, (64, 64, 3), 113_044_082, 2049),
]


@pytest.mark.parametrize("name, options, shape, published, fewer", TRAINABLE)
def test_networks_have_the_published_number_of_trainable_parameters(
    name, options, shape, published, fewer
):
    network = MODELS[name].build(shape, **options)
    count = sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)
    assert count == published - fewer


HEADLESS = {
    "mobilenet": ({"alpha": 1.0}, 3_228_864),
    "vgg16": ({}, 14_714_688),
    "inceptionv3": ({}, 21_802_784),
    "efficientnetb0": ({"hidden": 0}, 4_049_571),
}


@pytest.mark.parametrize("name", HEADLESS)
def test_backbones_have_the_published_number_of_parameters_in_all(name):
    options, expected = HEADLESS[name]
    network = MODELS[name].build((96, 96, 3), **options)
    assert network.count_params() - network.layers[-1].count_params() == expected


def test_efficientnet_ends_in_pooling_a_hidden_layer_and_a_logit():
    network = MODELS["efficientnetb0"].build((64, 64, 1))
    pooled, hidden, _, logit = network.layers[-4:]
    assert isinstance(pooled, keras.layers.GlobalAveragePooling2D)
    assert [hidden.units, logit.units] == [256, 1]
    assert hidden.activation is keras.activations.relu


# model: builder, its options, deviation and mean of its pixels
COLOUR = {
    "mobilenet": ("MobileNet", {"alpha": 0.25}, 0.5, 0),
    "vgg16": ("VGG16", {}, 64, 0),
    "inceptionv3": ("InceptionV3", {}, 0.5, 0),
    "efficientnetb0": ("EfficientNetB0", {}, 57, 115),
}


@pytest.mark.parametrize(
    "name", ["mobilenet", "vgg16", large("inceptionv3"), large("efficientnetb0")]
)
def test_pretrained_weights_see_a_grey_picture(name, tmp_path):
    builder, options, scale, offset = COLOUR[name]
    colour = getattr(keras.applications, builder)(
        include_top=False, weights=None, input_shape=(75, 75, 3), pooling="avg", **options
    )
    path = tmp_path / "colour.weights.h5"
    colour.save_weights(path)
    network = MODELS[name].build((75, 75, 1), weights=str(path), **options)
    picture = rng(1).normal(size=(2, 75, 75, 1)).astype(np.float32)
    pooling = keras.layers.GlobalAveragePooling2D
    pooled = next(layer for layer in reversed(network.layers) if isinstance(layer, pooling))
    found = keras.Model(network.input, pooled.output)(picture).numpy()
    expected = colour(np.repeat(scale * picture + offset, 3, axis=-1)).numpy()
    assert np.ptp(expected) > 0
    assert np.allclose(found, expected, atol=1e-4 * np.abs(expected).max())


def test_weights_that_cannot_be_had_are_refused_in_one_sentence(tmp_path, monkeypatch):
    def offline(*arguments, **options):
        raise Exception("URL fetch failure on https://example.org: None -- no route")

    from keras.src.applications import mobilenet

    monkeypatch.setattr(mobilenet.file_utils, "get_file", offline)
    build = MODELS["mobilenet"].build
    with pytest.raises(DataError, match="cannot download imagenet weights, give a file: URL fetch"):
        build((64, 64, 1), weights="imagenet")
    with pytest.raises(UsageError, match='"none", "imagenet" or a file. Received: \'lost.h5\''):
        build((64, 64, 1), weights="lost.h5")
    other = tmp_path / "other.weights.h5"
    MODELS["cnn"].build((16, 16, 1), width=1).save_weights(other)
    with pytest.raises(DataError, match="no headless weights of this network") as caught:
        build((64, 64, 1), weights=str(other))
    assert "\n" not in str(caught.value)
