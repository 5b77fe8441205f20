"""Gradient SHAP: integrated gradients from many baselines."""

import numpy as np

from experiment.seeds import rng
from xai.explainers.integrated_gradients import baselines
from xai.gradients import gradients


def shap_gradient(subject, *, seed=0, samples=100, fill="mean"):
    """Explain by expected gradients over background clips.

    Parameters
    ----------
    subject : Subject
        The clips; its background clips are the baselines, or the fill where there are none.
    seed : int
        Seed of baselines and path.
    samples : int
        Points, each between the clip and a random baseline.
    fill : str
        Baseline without background clips, a key of `xai.fills.FILLS`.

    Returns
    -------
    ndarray [n, frames, bands]
        In logits; a map sums, up to sampling, to the clip's logit less the baselines' mean.

    Raises
    ------
    UsageError
        If the detector has no gradients.

    Notes
    -----
    Source: G. Erion et al., *Improving performance of deep learning models with axiomatic
    attribution priors and expected gradients*, Nature Machine Intelligence 2021, equation 3; the
    same estimate as ``shap.GradientExplainer``, with a stratified path.
    """
    network = subject.network("shap_gradient")
    heats = []
    for index, features in enumerate(subject.features):
        generator = rng(seed, "shap_gradient", subject.clips[index].name)
        if subject.background:
            pool = np.asarray(subject.detector.features(subject.background), np.float32)
        else:
            pool = baselines(subject, fill, seed)[index : index + 1]
        start = pool[generator.integers(len(pool), size=samples)]
        along = (np.arange(samples) + generator.random(samples)) / samples
        along = along.reshape(-1, *[1] * features.ndim).astype(np.float32)
        change = features - start
        slopes = subject.sign * gradients(network, start + along * change)[1]
        heats.append(subject.attribution(change, slopes).mean(axis=0))
    return np.stack(heats)
