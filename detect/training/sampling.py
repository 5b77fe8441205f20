"""Which clips an epoch shows, and which copy of each: how both classes come to count the same."""

import numpy as np

from experiment.seeds import rng


def balance(real):
    """Return a weight for each clip so that both classes count the same, mean one.

    Parameters
    ----------
    real : ndarray [n] of bool
        Which clips are bona fide.

    Returns
    -------
    ndarray [n] of float32
    """
    share = real.mean()
    return np.where(real, 0.5 / share, 0.5 / (1 - share)).astype(np.float32)


def weights(real, how):
    """Return the weight of each training clip in the loss, ndarray [n] of float32."""
    return balance(real) if how == "weights" else np.ones(len(real), np.float32)


def order(real, how, seed, epoch):
    """Return the rows of one epoch, in order.

    Parameters
    ----------
    real : ndarray [n] of bool
        Which clips are bona fide.
    how : str
        ``weights``: every clip once. Otherwise half of the n draws are of each class: no clip of
        the larger class comes twice, and none of the smaller one more than once more than others.
    seed, epoch : int
        Of the draw.

    Returns
    -------
    ndarray [n] of int
    """
    generator = rng(seed, "order", epoch)
    if how == "weights":
        return generator.permutation(len(real))
    half = len(real) // 2
    drawn = [
        _cycled(np.flatnonzero(flag), count, generator)
        for flag, count in ((real, half), (~real, len(real) - half))
    ]
    return generator.permutation(np.concatenate(drawn))


def _cycled(rows, count, generator):
    """Return `count` of the rows, all of them once before any comes again."""
    rounds = -(-count // len(rows))
    return np.concatenate([generator.permutation(rows) for _ in range(rounds)])[:count]


def versions(rows, how, copies, seed, epoch):
    """Return which copy of each clip is shown; 0 is the clip itself.

    Parameters
    ----------
    rows : ndarray [n] of int
        From `order`.
    how : str
        With ``augmentation`` a clip is itself when it first comes, and a copy when it comes again;
        otherwise every copy and the clip itself have the same chance.
    copies : int
        Copies that there are of each clip.
    seed, epoch : int
        Of the draw.

    Returns
    -------
    ndarray [n] of int
        0 to `copies`.
    """
    generator = rng(seed, "versions", epoch)
    if how != "augmentation":
        return generator.integers(copies + 1, size=len(rows))
    again = np.ones(len(rows), bool)
    again[np.unique(rows, return_index=True)[1]] = False
    return again * generator.integers(1, copies + 1, size=len(rows))
