"""RISE: the mean of random soft masks, weighted by the logit they leave."""

import numpy as np

from experiment.seeds import rng
from xai.canvas import evidence, make_canvas
from xai.explainers.gradcam import enlarge
from xai.subject import BATCH


def rise(subject, *, seed=0, samples=1000, coarse=(8, 8), share=0.5, fill="mean"):
    """Explain by many soft masks at once.

    Parameters
    ----------
    subject : Subject
        The clips.
    seed : int
        Seed of the masks.
    samples : int
        Masks a clip.
    coarse : tuple of int
        Cells of a mask in time and in bands, before it is enlarged and shifted.
    share : float
        Probability that a cell is kept.
    fill : str
        What replaces the rest, a key of `xai.fills.FILLS`.

    Returns
    -------
    ndarray [n, frames, bands]
        How much the logit gains on average where a pixel is kept; without unit.

    Notes
    -----
    Source: V. Petsiuk, A. Das, K. Saenko, *RISE: randomized input sampling for explanation of
    black-box models*, BMVC 2018, equation 6 and section 3.2; the mean logit is taken off, so that
    the map is signed and its noise small.
    """
    heats = []
    for index, clip in enumerate(subject.clips):
        canvas = make_canvas(subject, index, None, fill, seed)
        generator = rng(seed, "rise", clip.name)
        total, logits = np.zeros((2, *canvas.cells.shape)), []
        for start in range(0, samples, BATCH):
            count = min(BATCH, samples - start)
            masks = soft_masks(count, canvas.cells.shape, coarse, share, generator)
            answers = evidence(canvas, masks)
            logits.append(answers)
            total += np.tensordot(np.stack([answers, np.ones(count)]), masks, 1)
        heats.append((total[0] - np.concatenate(logits).mean() * total[1]) / (samples * share))
    return np.stack(heats)


def soft_masks(count, shape, coarse, share, generator):
    """Return coarse random masks, enlarged bilinearly and shifted at random.

    Parameters
    ----------
    count : int
        Masks.
    shape, coarse : tuple of int
        Frames and bands of the result and of the coarse masks.
    share : float
        Probability that a cell is kept.
    generator : numpy.random.Generator
        Source of cells and shifts.

    Returns
    -------
    ndarray [count, frames, bands]
        In [0, 1].
    """
    cell = [-(-size // parts) for size, parts in zip(shape, coarse, strict=True)]
    small = generator.random((count, coarse[0] + 1, coarse[1] + 1)) < share
    size = [(parts + 1) * step for parts, step in zip(coarse, cell, strict=True)]
    large = enlarge(small.astype(np.float32), size)
    masks = np.empty((count, *shape), np.float32)
    corners = generator.integers(cell, size=(count, 2))
    for mask, wide, (first, lowest) in zip(masks, large, corners, strict=True):
        mask[...] = wide[first : first + shape[0], lowest : lowest + shape[1]]
    return masks
