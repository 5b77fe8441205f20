"""FAD of each clip by itself: which clips make a set look bad."""

import numpy as np
from scipy import linalg

from fad.distance.blas_threads import suited_to
from fad.distance.frechet import assemble
from fad.distance.scoring import moments
from fad.embeddings.types import comparable


def per_clip(reference, evaluated):
    """Return the FAD of every evaluated clip against the whole reference.

    A clip of one window has no covariance; its distance is that of a point.

    Parameters
    ----------
    reference : Embeddings or fad.distance.reference.Reference
        The set to compare with.
    evaluated : Embeddings
        The clips.

    Returns
    -------
    list of dict
        ``name``, ``windows``, ``fad``; the farthest first.

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
    with suited_to(1):
        for clip in dict.fromkeys(evaluated.clips.tolist()):
            windows = evaluated.array[evaluated.clips == clip].astype(np.float64)
            rows.append({"name": clip, "windows": len(windows), "fad": _one(mean, a, windows)})
    return sorted(rows, key=lambda row: -row["fad"])


def _one(mean, a, windows):
    centred = windows - windows.mean(axis=0)
    b = centred / np.sqrt(max(len(windows) - 1, 1))
    overlap = linalg.svdvals(a @ b.T, check_finite=False).sum()
    return assemble(mean - windows.mean(axis=0), a, b, overlap)
