"""FAD of each clip by itself: which clips make a set look bad."""

import numpy as np
from scipy import linalg

from fad.frechet import assemble
from fad.scores import moments
from fad.types import comparable


def per_clip(reference, evaluated):
    """Return the FAD of every evaluated clip against the whole reference.

    A clip of one window has no covariance; its distance is that of a point.

    Parameters
    ----------
    reference : Embeddings or fad.reference.Reference
        The set to compare with.
    evaluated : Embeddings
        The clips.

    Returns
    -------
    list of dict
        ``clip``, ``windows``, ``fad``; the farthest first.

    Raises
    ------
    DataError
        If the sets are not comparable.

    Source
    ------
    Gui et al. 2024, "Adapting Frechet Audio Distance for generative music evaluation", section 3.3.
    """
    comparable(reference, evaluated)
    mean, a = moments(reference, "reference")
    rows = []
    for clip in dict.fromkeys(evaluated.clips.tolist()):
        windows = evaluated.array[evaluated.clips == clip].astype(np.float64)
        b = (windows - windows.mean(axis=0)) / np.sqrt(max(len(windows) - 1, 1))
        overlap = linalg.svdvals(a @ b.T, check_finite=False).sum()
        distance = assemble(mean - windows.mean(axis=0), a, b, overlap)
        rows.append({"clip": clip, "windows": len(windows), "fad": distance})
    return sorted(rows, key=lambda row: -row["fad"])
