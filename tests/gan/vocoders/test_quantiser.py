import numpy as np
import pytest
import tensorflow as tf

from gan.vocoders.quantiser import ResidualQuantiser


@pytest.fixture(scope="module")
def vectors():
    draw = np.random.default_rng(0)
    return tf.constant(draw.normal(size=(4, 64, 6)), tf.float32)


def trained(vectors, steps=300):
    tf.random.set_seed(0)
    layer = ResidualQuantiser(3, entries=16, dim=4)
    used = tf.fill([4], 3)
    layer.build(vectors.shape)
    for k, (variable, seed) in enumerate(zip(layer.variables, (1, 2, 3), strict=True)):
        draw = np.random.default_rng(seed + k)
        variable.assign(draw.normal(scale=0.4, size=variable.shape))

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            described, closeness = layer(vectors, used)
            loss = tf.reduce_mean((described - vectors) ** 2) + closeness
        gradients = tape.gradient(loss, [v.value for v in layer.trainable_variables])
        for variable, gradient in zip(layer.trainable_variables, gradients, strict=True):
            variable.assign_sub(0.5 * gradient)
        return loss

    losses = [float(step()) for _ in range(steps)]
    return layer, losses


def test_training_uses_the_codebooks_and_each_one_adds(vectors):
    layer, losses = trained(vectors)
    assert losses[-1] < losses[0]
    index, *_ = layer.codes(vectors, 0)
    assert len(np.unique(index)) >= 12  # of 16
    errors = [
        float(tf.reduce_mean((layer(vectors, tf.fill([4], n))[0] - vectors) ** 2))
        for n in (1, 2, 3)
    ]
    assert errors[0] > errors[1] > errors[2]


def test_the_sum_is_made_of_entries_of_the_codebooks_alone(vectors):
    layer, _ = trained(vectors, 1)
    described, _ = layer(vectors, tf.fill([4], 1))
    entries = layer.codebooks.numpy()[0]
    entries *= 2 / np.linalg.norm(entries, axis=1, keepdims=True)
    known = entries @ layer.outward.numpy()[0]
    gaps = np.abs(described.numpy()[..., None, :] - known).max(-1).min(-1)
    assert gaps.max() < 1e-5


def test_the_gradient_passes_straight_through(vectors):
    """By one codebook it is that of the projections, as if nothing were quantised."""
    layer, _ = trained(vectors, 1)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(vectors)
        described, _ = layer(vectors, tf.fill([4], 1))
        total = tf.reduce_sum(described * tf.cos(described))
        inward = tf.matmul(vectors, layer.inward[0])
        place = 2 * inward / tf.norm(inward, axis=-1, keepdims=True)
        direction = tf.stop_gradient(tf.cos(described) - described * tf.sin(described))
        plain = tf.reduce_sum(direction * tf.matmul(place, layer.outward[0]))
    expected = tape.gradient(plain, vectors)
    np.testing.assert_allclose(tape.gradient(total, vectors), expected, atol=1e-4)


def test_items_may_use_different_numbers_of_books(vectors):
    layer, _ = trained(vectors, 1)
    mixed, _ = layer(vectors, tf.constant([1, 2, 3, 0]))
    for item, n in enumerate((1, 2, 3, 0)):
        alone, _ = layer(vectors, tf.fill([4], n))
        np.testing.assert_allclose(mixed[item], alone[item], atol=1e-6)
    assert not mixed[3].numpy().any()


def test_closeness_pulls_entries_and_vectors_together(vectors):
    layer, _ = trained(vectors, 1)
    _, entry, place = layer.codes(vectors, 0)
    expected = 1.25 * np.mean((entry - place) ** 2)
    _, closeness = layer(vectors, tf.fill([4], 1))
    assert float(closeness) == pytest.approx(expected, rel=1e-5)
