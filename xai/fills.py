"""What stands in for a part that is taken away.

Every method that removes parts, and every deletion and insertion curve, depends on this choice
(Sturmfels, Lundberg and Lee, "Visualizing the impact of feature attribution baselines", Distill
2020), so it has a name, and figures are reported under several names.

A fill is a function ``(plane, background, generator) -> plane``, all ``[frames, bands]`` but
`background` ``[bands]``: the mean over time of the background clips, or of the clip itself.
"""

import numpy as np


def mean(plane, background, generator):
    """Return the mean of each band: nothing happens here that does not always happen."""
    return np.broadcast_to(background, plane.shape)


def silence(plane, background, generator):
    """Return the lowest level that the clip has anywhere."""
    return np.full_like(plane, plane.min())


def noise(plane, background, generator):
    """Return Gaussian noise with the mean of each band and the clip's spread around it."""
    return background + plane.std(axis=0) * generator.standard_normal(plane.shape, plane.dtype)


def neighbour(plane, background, generator):
    """Return the clip itself, half its length later: likely sounds at the wrong time."""
    return np.roll(plane, len(plane) // 2, axis=0)


FILLS = {"mean": mean, "silence": silence, "noise": noise, "neighbour": neighbour}
