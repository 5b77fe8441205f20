import numpy as np
import pytest
import tensorflow as tf

from gan.augmentation import AUGMENTATIONS, drawn
from gan.config import AUGMENTATIONS as NAMES
from gan.players import Draws

SHAPE = (6, 32, 20, 1)
ALL = tuple(AUGMENTATIONS)


@pytest.fixture
def draw():
    return Draws(3, "test", tf.constant(0))


@pytest.fixture(scope="module")
def images():
    draw = np.random.default_rng(0)
    return tf.constant(draw.uniform(-1, 1, SHAPE), tf.float32)


def test_the_configuration_knows_every_augmentation():
    assert NAMES == ALL


@pytest.mark.parametrize("names", [*((name,) for name in ALL), ALL])
def test_images_change_differently_and_keep_their_shape(names, draw, images):
    same = tf.repeat(images[:1], len(images), axis=0)
    changed = drawn(names, draw, SHAPE)(same).numpy()
    assert changed.shape == SHAPE
    assert len({each.tobytes() for each in changed}) > 2


def test_real_and_fake_can_be_changed_in_one_way(draw, images):
    """What is drawn belongs to the function, so that R1 sees what the critic saw."""
    change = drawn(ALL, draw, SHAPE)
    np.testing.assert_array_equal(change(images), change(images))
    other = drawn(ALL, draw, SHAPE)
    assert not np.allclose(change(images), other(images))


@pytest.mark.parametrize("name", ALL)
def test_the_gradient_is_that_of_a_small_difference(name, draw, images):
    change = drawn((name,), draw, SHAPE)
    weights = tf.constant(np.random.default_rng(1).normal(size=SHAPE), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(images)
        value = tf.reduce_sum(change(images) * weights)
    gradient = tape.gradient(value, images).numpy()
    step = np.random.default_rng(2).normal(size=SHAPE).astype("float32")
    difference = tf.reduce_sum((change(images + step) - change(images)) * weights)
    assert (gradient**2).sum() > 0
    assert float(difference) == pytest.approx(float((gradient * step).sum()), rel=1e-3, abs=1e-2)


def test_a_shift_moves_frames_and_leaves_the_mean_behind(draw, images):
    changed = drawn(("shift",), draw, SHAPE)(images).numpy()
    moved = set()
    for before, after in zip(images.numpy(), changed, strict=True):
        padded = np.pad(before, [(4, 4), (0, 0), (0, 0)])
        fits = [s for s in range(-4, 5) if np.array_equal(after, padded[4 - s : 36 - s])]
        assert len(fits) == 1
        moved.add(fits[0])
    assert len(moved) > 1


def test_a_cut_blanks_one_stretch_and_one_band_at_most_a_quarter(draw):
    masks = drawn(("cut",), draw, SHAPE)(tf.ones(SHAPE)).numpy()[..., 0]
    for mask in masks:
        frames, bins = mask.max(axis=1), mask.max(axis=0)
        np.testing.assert_array_equal(mask, np.outer(frames, bins))
        for line in (frames, bins):
            gone = np.flatnonzero(line == 0)
            assert len(gone) <= -(-len(line) // 4)
            assert len(gone) == 0 or gone[-1] - gone[0] == len(gone) - 1


def test_a_level_is_linear_in_the_image_and_in_the_band(draw, images):
    change = drawn(("level",), draw, SHAPE)
    offset = change(tf.zeros(SHAPE)).numpy()
    np.testing.assert_allclose(np.diff(offset, n=2, axis=2), 0, atol=1e-6)
    contrast = (change(images) - offset) / images
    np.testing.assert_allclose(contrast, contrast[:, :1, :1] * np.ones(SHAPE), rtol=1e-3)
    assert np.abs(contrast - 1).max() <= 0.15 + 1e-3


def test_no_augmentation_changes_nothing(draw, images):
    assert drawn((), draw, SHAPE)(images) is images
