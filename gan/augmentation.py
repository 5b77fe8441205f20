"""Differentiable augmentation of spectrograms: the critic never sees one as it is.

Real and generated images pass through the same transformations, whose gradients reach the
generator; none depends on a label. Images are [batch, frames, bins, channels] in [-1, 1]; what a
transformation leaves empty is 0, the mean of each bin.

References
----------
Zhao, Liu, Lin, Zhu, Han, "Differentiable Augmentation for Data-Efficient GAN Training", NeurIPS
2020, section 3.2. Level, shift and cut stand for its color, translation and cutout; the stretches
of `cut` are those of Park et al., "SpecAugment", Interspeech 2019.
"""

import tensorflow as tf

LEVEL = 0.15
TILT = 0.15
CONTRAST = 0.15
SHIFT = 1 / 8
CUT = 1 / 4


def level(draw, shape):
    """Return how to change level, spectral tilt and contrast of each image at random."""
    offset, tilt, contrast = (
        draw.uniform([shape[0], 1, 1, 1], -limit, limit) for limit in (LEVEL, TILT, CONTRAST)
    )
    slope = tf.linspace(-1.0, 1.0, shape[2])[:, None]
    return lambda x: x * (1 + contrast) + offset + tilt * slope


def shift(draw, shape):
    """Return how to move each image in time, up to an eighth of its length either way."""
    most = int(SHIFT * shape[1])
    moves = draw.integers([shape[0], 1], 2 * most + 1) - most
    place = tf.range(shape[1]) + most - moves

    def change(x):
        padded = tf.pad(x, [[0, 0], [most, most], [0, 0], [0, 0]])
        return tf.gather(padded, place, axis=1, batch_dims=1)

    return change


def cut(draw, shape):
    """Return how to blank a stretch of time and a band of each image, a quarter at most."""
    frames, bins = (_kept(draw, shape[0], size) for size in shape[1:3])
    kept = frames[:, :, None, None] * bins[:, None, :, None]
    return lambda x: x * kept


def _kept(draw, count, size):
    """Return 0 inside a stretch of each row and 1 outside, Tensor [count, size]."""
    width = draw.uniform([count, 1], 0.0, CUT * size)
    start = draw.uniform([count, 1]) * (size - width)
    place = tf.range(size, dtype=tf.float32)
    return 1 - tf.cast((place >= start) & (place < start + width), tf.float32)


AUGMENTATIONS = {"level": level, "shift": shift, "cut": cut}


def drawn(names, draw, shape):
    """Return a function that augments images, the same way each time it is called.

    Parameters
    ----------
    names : sequence of str
        Keys of `AUGMENTATIONS`, applied in this order.
    draw : gan.players.Draws
        Whence the random numbers come.
    shape : tuple of int
        Batch, frames, bins, channels.

    Returns
    -------
    Callable
        From images to images, differentiable.
    """
    changes = [AUGMENTATIONS[name](draw, shape) for name in names]

    def change(x):
        for one in changes:
            x = one(x)
        return x

    return change
