"""Tests that a map must pass whatever it shows: fidelity, stability, and dependence on the model.

A map that does not change when the network forgets what it learned explains the input, not the
detector (Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018).
"""

from contextlib import contextmanager

import numpy as np
import pandas as pd

from audio.clip import make_clip
from audio.dsp import at_snr
from experiment.errors import UsageError
from experiment.seeds import derive, rng
from xai.canvas import evidence, make_canvas
from xai.explaining import explain
from xai.faithfulness import agreement, grouped, rivals
from xai.runner import TARGETS
from xai.subject import Subject


def mufidelity(
    detector, clips, explanations, *, fill="mean", grid=None, samples=100, share=0.2, seed=0
):
    """Correlate the heat of random sets of superpixels with what removing them costs.

    Parameters
    ----------
    detector, clips, explanations
        As for `xai.faithfulness.curves`; all explanations of one target.
    fill : str
        Key of `xai.fills.FILLS`.
    grid : Grid, optional
        Superpixels in Hz and milliseconds.
    samples : int
        Random sets a clip, the same for every method.
    share : float
        Size of a set, as a share of the superpixels.
    seed : int
        Seed of the sets.

    Returns
    -------
    DataFrame
        ``name, target, method, fill, mufidelity``, with rows of ``random`` and ``energy``; 1 where
        heat says exactly what removal costs, NaN for a constant map.

    Notes
    -----
    Source: U. Bhatt, A. Weller, J. Moura, *Evaluating and aggregating feature-based model
    explanations*, IJCAI 2020, section 3.2.
    """
    rows, place = [], {clip.name: position for position, clip in enumerate(clips)}
    subjects = {name: Subject(detector, tuple(clips), sign) for name, sign in TARGETS.items()}
    for (name, target), own in grouped(explanations):
        subject, position = subjects[target], place[name]
        canvas = make_canvas(subject, position, grid, fill, seed)
        sets = rng(seed, "mufidelity", name).random((samples, canvas.size)) < share
        answers = evidence(canvas, np.vstack([np.ones(canvas.size), 1 - sets]))
        maps = [(e.method, e.heat) for e in own]
        for method, heat in maps + rivals(subject, position, 1, seed):
            mass = sets @ np.bincount(canvas.cells.ravel(), heat.ravel())
            value = correlation(mass, answers[0] - answers[1:])
            rows.append((name, target, method, fill, value))
    return pd.DataFrame(rows, columns=["name", "target", "method", "fill", "mufidelity"])


def correlation(left, right):
    """Return Pearson's correlation, or NaN where one side is constant."""
    if not (np.ptp(left) > 0 and np.ptp(right) > 0):
        return np.nan
    return float(np.corrcoef(left, right)[0, 1])


def sensitivity(
    detector, clips, method, target="bonafide", *, decibels=40.0, draws=3, seed=0, **options
):
    """Return how far maps move when inaudible noise is added to the sound.

    Parameters
    ----------
    detector, clips, method, target, seed, **options
        As for `xai.explain`.
    decibels : float
        Signal-to-noise ratio.
    draws : int
        Noises a clip.

    Returns
    -------
    DataFrame
        ``name, method, sensitivity``: the largest relative change, in the Euclidean norm.

    Notes
    -----
    Source: C.-K. Yeh et al., *On the (in)fidelity and sensitivity of explanations*, NeurIPS 2019,
    definition 3.1.
    """
    before = explain(detector, clips, method, target, seed, **options)
    worst = np.zeros(len(clips))
    for draw in range(draws):
        noisy = [
            with_noise(clip, decibels, rng(seed, "sensitivity", clip.name, str(draw)))
            for clip in clips
        ]
        after = explain(detector, noisy, method, target, seed, **options)
        moved = [np.linalg.norm(a.heat - b.heat) for a, b in zip(after, before, strict=True)]
        sizes = [max(np.linalg.norm(b.heat), 1e-12) for b in before]
        worst = np.maximum(worst, np.divide(moved, sizes))
    names = [clip.name for clip in clips]
    return pd.DataFrame({"name": names, "method": method, "sensitivity": worst})


def with_noise(clip, decibels, generator):
    """Return a clip with white noise, under the same name."""
    noise = generator.standard_normal(len(clip.samples))
    return make_clip(
        clip.samples + at_snr(noise, clip.samples, decibels), clip.rate, name=clip.name
    )


def stability(detector, clips, method, target="bonafide", *, seed=0, grid=None, **options):
    """Return how well two seeds of a method agree.

    Parameters
    ----------
    detector, clips, method, target, seed, **options
        As for `xai.explain`.
    grid : Grid, optional
        Superpixels on which maps are compared.

    Returns
    -------
    DataFrame
        As `xai.faithfulness.agreement` gives; 1 for a deterministic method.
    """
    first = explain(detector, clips, method, target, seed, **options)
    second = explain(detector, clips, method, target, derive(seed, "again"), **options)
    return between(first, second, ("seed", "another seed"), grid)


def between(first, second, names=("first", "second"), grid=None):
    """Compare the maps of one method from two detectors, two seeds or two trainings.

    Parameters
    ----------
    first, second : sequence of Explanation
        Of the same clips.
    names : tuple of str
        What the two are.
    grid : Grid, optional
        Superpixels on which maps are compared.

    Returns
    -------
    DataFrame
        As `xai.faithfulness.agreement` gives.
    """

    def renamed(explanations, name):
        return [type(e)(**{**vars(e), "method": name}) for e in explanations]

    return agreement(renamed(first, names[0]) + renamed(second, names[1]), grid)


def parameter_randomisation(
    detector, clips, method, target="bonafide", *, top=0, seed=0, grid=None, **options
):
    """Compare maps before and after the network forgets.

    Parameters
    ----------
    detector, clips, method, target, seed, **options
        As for `xai.explain`.
    top : int
        Layers with weights to re-initialise, from the logit down; 0 for all.
    grid : Grid, optional
        Superpixels on which maps are compared.

    Returns
    -------
    DataFrame
        As `xai.faithfulness.agreement` gives; near 0 for a method that depends on the network.
    """
    before = explain(detector, clips, method, target, seed, **options)
    with forgotten(detector.network, top, derive(seed, "forget")):
        after = explain(detector, clips, method, target, seed, **options)
    return between(before, after, ("trained", "forgotten"), grid)


@contextmanager
def forgotten(network, top=0, seed=0):
    """Permute the weights of a network for a while, and give them back.

    A permutation keeps the size of the weights, so that no activation dies or explodes.

    Parameters
    ----------
    network : keras.Model
        Of the detector.
    top : int
        Layers with weights to permute, from the logit down; 0 for all.
    seed : int
        Seed of the permutations.
    """
    if network is None:
        raise UsageError("parameter randomisation needs a network; this detector has none")
    layers = [layer for layer in network.layers if layer.weights]
    layers = layers[-top:] if top else layers
    kept = [layer.get_weights() for layer in layers]
    generator = rng(seed, "forgotten")
    try:
        for layer, weights in zip(layers, kept, strict=True):
            mixed = [generator.permutation(w.ravel()).reshape(w.shape) for w in weights]
            layer.set_weights(mixed)
        yield
    finally:
        for layer, weights in zip(layers, kept, strict=True):
            layer.set_weights(weights)


def shuffled_labels(manifest, seed=0):
    """Return a manifest whose labels are drawn at random, for the label randomisation check.

    Parameters
    ----------
    manifest : DataFrame
        Of the training clips.
    seed : int
        Of the lot.

    Returns
    -------
    DataFrame
        A detector trained on it knows nothing: maps that look the same as before are none of its
        doing; compare them with `between`.
    """
    index = rng(seed, "labels").permutation(len(manifest))
    mixed = manifest[["label", "attack"]].to_numpy()[index]
    return manifest.assign(label=mixed[:, 0], attack=mixed[:, 1])
