"""Maps that know nothing of the detector: what an explainer must beat."""

import numpy as np

from experiment.seeds import rng


def random(subject, *, seed=0):
    """Return white noise, [n, frames, bands]."""
    shape = tuple(map(len, subject.axes))
    return np.stack([rng(seed, "random", clip.name).random(shape) for clip in subject.clips])


def centre(subject, *, seed=0):
    """Return closeness to the middle of the plane, [n, frames, bands]."""
    across = [1 - np.abs(np.linspace(-1, 1, len(axis))) for axis in subject.axes]
    return np.broadcast_to(np.minimum.outer(*across), (len(subject.clips), *map(len, across)))


def energy(subject, *, seed=0):
    """Return the sound's own level above its lowest, [n, frames, bands]."""
    return subject.planes - subject.planes.min(axis=(1, 2), keepdims=True)


BASELINES = {"random": random, "centre": centre, "energy": energy}
