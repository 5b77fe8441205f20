"""Saliency: the size of the logit's gradient."""

import numpy as np

from xai.gradients import gradients


def saliency(subject, *, seed=0):
    """Explain by how strongly the logit answers to each pixel, for either class.

    Parameters
    ----------
    subject : Subject
        The clips.
    seed : int
        Not used: the method is deterministic.

    Returns
    -------
    ndarray [n, frames, bands]
        Not negative: a gradient's size says where, not for which class.

    Raises
    ------
    UsageError
        If the detector has no gradients.

    Notes
    -----
    Source: K. Simonyan, A. Vedaldi, A. Zisserman, *Deep inside convolutional networks*, ICLR
    workshop 2014, section 3.
    """
    return magnitude(subject, gradients(subject.network("saliency"), subject.features)[1])


def magnitude(subject, slopes):
    """Return the size of gradients on the subject's plane, [n, frames, bands]."""
    return np.sqrt(np.maximum(subject.attribution(slopes, slopes), 0))
