import numpy as np
import pytest
import tensorflow as tf

from gan import networks
from gan.config import GanConfig
from gan.layers import LeakyReLU, PhaseShuffle, StridedConv1D
from gan.registry import GENERATORS

COUNTS = {
    ("wavegan", 16384): (19_065_345, 17_427_969),
    ("specgan", 16384): (19_065_345, 17_427_969),
    ("wavegan", 32768): (73_149_953, 69_875_201),
    ("wavegan", 65536): (73_149_953, 69_875_201),
    ("specgan", 65536): (73_149_953, 69_875_201),
}


@pytest.mark.parametrize("model, samples", COUNTS)
def test_parameter_counts_at_the_width_of_the_papers(model, samples):
    built = GENERATORS[model](GanConfig(model=model, samples=samples, dim=64))
    counts = built.generator.count_params(), built.critic.count_params()
    assert counts == COUNTS[model, samples]


def lengths(network, prefix, dimension=1):
    return [
        layer.output.shape[dimension:] for layer in network.layers if layer.name.startswith(prefix)
    ]


def test_layer_shapes_of_wavegan_are_those_of_the_paper():
    built = GENERATORS["wavegan"](GanConfig(dim=64))
    assert lengths(built.generator, "up") == [
        (64, 512),
        (256, 256),
        (1024, 128),
        (4096, 64),
        (16384, 1),
    ]
    assert lengths(built.critic, "down") == [
        (4096, 64),
        (1024, 128),
        (256, 256),
        (64, 512),
        (16, 1024),
    ]
    assert built.shuffles == len(lengths(built.critic, "phase_shuffle")) == 4


def test_layer_shapes_of_specgan_are_those_of_the_paper():
    built = GENERATORS["specgan"](GanConfig(model="specgan", dim=64))
    expected = [(8, 8, 512), (16, 16, 256), (32, 32, 128), (64, 64, 64), (128, 128, 1)]
    assert lengths(built.generator, "up") == expected
    assert built.shuffles == 0


@pytest.mark.parametrize("model", ["wavegan", "specgan"])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_generator_fits_its_critic_and_codec(model, channels):
    config = GanConfig(model=model, dim=1, channels=channels)
    built = GENERATORS[model](config, classes=3)
    label = tf.constant([0, 2])
    signal = networks.call(built.generator, latent=tf.zeros([2, 100]), label=label)
    shifts = tf.zeros([built.shuffles], tf.int32)
    judged = networks.call(built.critic, signal=signal, shifts=shifts, label=label)
    assert judged.shape == (2, 1)
    audio = np.random.default_rng(0).normal(size=(2, 16384, channels)).astype("float32")
    codec = built.codec.fit(audio)
    assert codec.encode(audio).shape == signal.shape
    assert codec.decode(signal.numpy()).shape == audio.shape


@pytest.mark.parametrize("stride, length", [(4, 64), (2, 64), (4, 16)])
def test_the_folded_convolution_is_the_strided_one(stride, length):
    draw = np.random.default_rng(0)
    x = draw.normal(size=(3, length, 5)).astype("float32")
    layer = StridedConv1D(7, stride)
    layer.build(x.shape)
    layer.kernel.assign(draw.normal(size=(25, 5, 7)))
    layer.bias.assign(draw.normal(size=7))
    plain = tf.nn.conv1d(x, layer.kernel.value, stride, "SAME") + layer.bias.value
    np.testing.assert_allclose(layer(x), plain, rtol=1e-4, atol=1e-4)


def test_a_deep_layer_is_the_strided_convolution_to_its_second_gradients():
    draw = np.random.default_rng(1)
    x = tf.constant(draw.normal(size=(2, 32, 256)), tf.float32)
    layer = StridedConv1D(6, 4)
    layer.build(x.shape)
    forms = {
        "ours": layer,
        "plain": lambda x: tf.nn.conv1d(x, layer.kernel.value, 4, "SAME") + layer.bias.value,
    }
    found = {name: gradients(form, x, layer.kernel.value) for name, form in forms.items()}
    for ours, plain in zip(found["ours"], found["plain"], strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-3, atol=1e-4 * np.abs(plain).max())


def gradients(form, x, kernel):
    """Return the output, its gradient by `x`, and that of the gradient's square by the kernel."""
    with tf.GradientTape() as outer:
        outer.watch(kernel)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = form(x)
            total = tf.reduce_sum(y**2)
        by_input = inner.gradient(total, x)
        square = tf.reduce_sum(by_input**2)
    return y, by_input, outer.gradient(square, kernel)


def test_the_masked_rectifier_has_value_and_gradient_of_the_leaky_one():
    x = tf.constant([-2.0, -0.5, 0.25, 3.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = LeakyReLU()(x)
    np.testing.assert_allclose(y, tf.nn.leaky_relu(x, 0.2))
    np.testing.assert_allclose(tape.gradient(y, x), [0.2, 0.2, 1, 1])


@pytest.mark.parametrize(
    "shift, expected",
    [
        (0, [0, 1, 2, 3, 4, 5]),
        (2, [2, 1, 0, 1, 2, 3]),
        (-1, [1, 2, 3, 4, 5, 4]),
        (-2, [2, 3, 4, 5, 4, 3]),
    ],
)
def test_phase_shuffle_moves_the_batch_and_reflects_the_border(shift, expected):
    x = tf.reshape(tf.range(6.0), [1, 6, 1]) * tf.constant([1.0, 10.0])
    y = PhaseShuffle(1)(tf.stack([x[0], -x[0]]), tf.constant([9, shift]))
    np.testing.assert_array_equal(y[0, :, 0], expected)
    np.testing.assert_array_equal(y[0, :, 1], np.multiply(expected, 10))
    np.testing.assert_array_equal(y[1], -y[0])


def test_first_weights_depend_on_the_seed_alone():
    config = GanConfig(dim=2)
    first, again, other = (GENERATORS["wavegan"](config).generator for _ in range(3))
    for network, seed in ((first, 1), (again, 1), (other, 2)):
        networks.initialise(network, seed)
    kernels = [network.get_layer("up_0").kernel.numpy() for network in (first, again, other)]
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert not np.allclose(kernels[0], kernels[2])
    limit = np.sqrt(6 / (25 * (16 + 32)))
    assert 0.95 * limit < np.abs(kernels[0]).max() <= limit
