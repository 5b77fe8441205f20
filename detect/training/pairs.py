"""Which clips belong together, and which of them an epoch's batches show."""

import numpy as np

from audio.presentation.write import first_names
from experiment.seeds import rng


def families(frame):
    """Return the rows of each original with its copies.

    Parameters
    ----------
    frame : DataFrame
        A manifest; without ``copy_of`` every clip is alone.

    Returns
    -------
    dict of str to ndarray of int
        Rows by the name of the original, in the order of the frame. An original that is not in
        the frame still holds its copies together.
    """
    first = np.asarray(first_names(frame))
    order = np.argsort(first, kind="stable")
    names, starts = np.unique(first[order], return_index=True)
    return dict(zip(names.tolist(), np.split(order, starts[1:]), strict=True))


def shown(rows, real, copies, generator):
    """Return the rows of a family that a batch shows: what is real, and some of the fakes.

    Parameters
    ----------
    rows : ndarray of int
        One family.
    real : ndarray [clips] of bool
        Which clips are bona fide.
    copies : int
        Fakes at most, drawn without replacement.
    generator : numpy.random.Generator
        Draws them.

    Returns
    -------
    ndarray of int
    """
    fakes = rows[~real[rows]]
    drawn = generator.permutation(len(fakes))[:copies]
    return np.concatenate([rows[real[rows]], fakes[np.sort(drawn)]])


def plan(members, real, copies, batch, seed, epoch):
    """Return the batches of an epoch, each of whole families.

    Parameters
    ----------
    members : sequence of (str, ndarray)
        Families by name, from `families`.
    real : ndarray [clips] of bool
        Which clips are bona fide.
    copies : int
        Fakes of a family in a batch.
    batch : int
        Clips of a batch, about: as many families as have that many clips.
    seed, epoch : int
        Of the draw.

    Returns
    -------
    list of list of (str, ndarray of int)
        Family and rows; the last batch is left out where it is not full.
    """
    generator = rng(seed, "families", epoch)
    each = min(max(batch // (1 + copies), 1), len(members))
    order = generator.permutation(len(members))
    drawn = [(members[k][0], shown(members[k][1], real, copies, generator)) for k in order]
    return [drawn[start : start + each] for start in range(0, len(drawn) - each + 1, each)]


def balance(members, real, copies):
    """Return a weight for each clip so that both classes count the same in what an epoch shows.

    Returns
    -------
    ndarray [clips] of float32
    """
    reals = sum(int(real[rows].sum()) for _, rows in members)
    fakes = sum(min(int((~real[rows]).sum()), copies) for _, rows in members)
    share = reals / (reals + fakes)
    return np.where(real, 0.5 / share, 0.5 / (1 - share)).astype(np.float32)
