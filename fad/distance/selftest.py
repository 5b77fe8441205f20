"""Known answers that need no network, no weights and no sound files."""

import numpy as np

from fad.distance.frechet import frechet_distance, gaussian_distance
from fad.distance.infinity import fad_infinity
from fad.distance.kad import kernel_audio_distance
from fad.embeddings import logmel
from fad.embeddings.gaussian import Gaussian
from fad.embeddings.types import Embeddings


def checks():
    """Return the known answers.

    Returns
    -------
    list of dict
        ``check``, ``value``, ``expected``, ``tolerance``, ``passed``.
    """
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 400, 32)) / np.sqrt(np.arange(1, 33))
    first, second = np.arange(1.0, 9.0), np.arange(8.0, 0.0, -1.0)
    gaussians = [Gaussian(2, np.zeros(8), np.diag(variances)) for variances in (first, second)]
    few = gaussian_distance(Gaussian.of(x[:9]), Gaussian.of(y[:12]))
    tone = np.sin(2 * np.pi * 1000 * np.arange(15600) / 16000).astype(np.float32)
    rows = [
        ("equal sets", frechet_distance(x, x), 0.0, 1e-9),
        ("mean shifted by 2", frechet_distance(x, x + 2 / np.sqrt(32)), 4.0, 1e-9),
        (
            "diagonal Gaussians, closed form",
            gaussian_distance(*gaussians),
            ((np.sqrt(first) - np.sqrt(second)) ** 2).sum(),
            1e-9,
        ),
        ("fewer clips than dimensions", frechet_distance(x[:9], y[:12]), few, 1e-6),
        (
            "merged halves",
            (Gaussian.of(x[:99]) + Gaussian.of(x[99:])).scatter.sum(),
            Gaussian.of(x).scatter.sum(),
            1e-8,
        ),
        ("FAD-infinity of one distribution", _infinity(x, y), 0.0, 0.05),
        ("KAD of one distribution", kernel_audio_distance(x, y), 0.0, 0.5),
        ("loudest mel band of 1 kHz", logmel.statistics(tone[None])[0, :64].argmax(), 19, 0),
    ]
    return [
        {
            "check": name,
            "value": float(value),
            "expected": float(expected),
            "tolerance": tolerance,
            "passed": bool(abs(value - expected) <= tolerance),
        }
        for name, value, expected, tolerance in rows
    ]


def _infinity(x, y):
    sides = [
        Embeddings("random", "none", "none", 16000, array, np.arange(len(array)).astype(str))
        for array in (x, y)
    ]
    return fad_infinity(*sides).interval.value
