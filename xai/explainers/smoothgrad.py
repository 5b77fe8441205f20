"""SmoothGrad: the gradient averaged over noisy copies."""

import numpy as np

from experiment.seeds import rng
from xai.explainers.saliency import magnitude
from xai.gradients import mean_gradients


def smoothgrad(subject, *, seed=0, samples=50, spread=0.15):
    """Explain by the size of the mean gradient around the clip.

    Parameters
    ----------
    subject : Subject
        The clips.
    seed : int
        Seed of the noise.
    samples : int
        Noisy copies.
    spread : float
        Standard deviation of the noise as a share of the features' range.

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
    Source: D. Smilkov et al., *SmoothGrad: removing noise by adding noise*, 2017, section 3.
    """

    def noisy(index):
        features = subject.features[index]
        generator = rng(seed, "smoothgrad", subject.clips[index].name)
        noise = generator.standard_normal((samples, *features.shape), np.float32)
        return features + spread * np.ptp(features) * noise

    slopes = mean_gradients(subject, subject.network("smoothgrad"), noisy, samples)
    return magnitude(subject, slopes)
