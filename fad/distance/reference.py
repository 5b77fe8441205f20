"""Statistics of a reference set in a file, with their provenance, to be used instead of audio."""

import json
import time
from dataclasses import dataclass

import numpy as np

from experiment import npz
from experiment.errors import DataError
from experiment.files import atomic, dumps, reason
from fad.embeddings.gaussian import Gaussian
from fad.embeddings.sound_files import opened, summarise
from fad.embeddings.types import Dropped

SUFFIX = ".npz"


@dataclass(frozen=True)
class Reference:
    """What a FAD needs to know of a reference set.

    Attributes
    ----------
    identity : dict
        Embedding, weights, preset and rate.
    gaussian : Gaussian
        Statistics of its windows.
    n_clips : int
        Clips that were kept.
    seconds : float
        Their duration.
    dropped : tuple of Dropped
        Clips that were left out.
    provenance : dict
        Where it came from and when it was made.
    """

    identity: dict
    gaussian: Gaussian
    n_clips: int
    seconds: float
    dropped: tuple
    provenance: dict

    @property
    def n_windows(self):
        """Number of embeddings."""
        return self.gaussian.n

    @property
    def dimensions(self):
        """Length of one embedding."""
        return len(self.gaussian.mean)


def make(paths, settings, name, **options):
    """Return the statistics of files.

    Parameters
    ----------
    paths : sequence of str or Path
        Files.
    settings : fad.embeddings.sound_files.Settings
        Embedding and windowing.
    name : str
        What the set is called, for the provenance.
    **options
        As for `fad.embeddings.sound_files.stream`.

    Returns
    -------
    Reference
        Made in O(d^2) memory.
    """
    gaussian, clips, seconds, dropped = summarise(paths, settings, **options)
    embedder = opened(settings)
    identity = {
        "embedding": embedder.name,
        "weights": embedder.digest,
        "preset": str(embedder.preset),
        "rate": embedder.rate,
    }
    provenance = {
        "set": name,
        "files": len(paths),
        "made": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "numpy": np.__version__,
    }
    return Reference(identity, gaussian, clips, seconds, tuple(dropped), provenance)


def save(reference, path):
    """Write statistics as an .npz file of plain arrays, atomically.

    Parameters
    ----------
    reference : Reference
        What to keep.
    path : str or Path
        Ends in ``.npz``.
    """
    about = {
        "identity": reference.identity,
        "clips": reference.n_clips,
        "seconds": reference.seconds,
        "dropped": [[one.name, one.reason] for one in reference.dropped],
        "provenance": reference.provenance,
    }
    gaussian = reference.gaussian
    with atomic(path) as temporary:
        np.savez(
            temporary,
            n=gaussian.n,
            mean=gaussian.mean,
            scatter=gaussian.scatter,
            about=dumps(about),
        )


def load(path):
    """Read what `save` wrote.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Reference
        With everything that was known when it was made.

    Raises
    ------
    DataError
        If there is no such file or it is damaged.
    """
    remedy = "make it again"
    stored = npz.read(path, remedy)
    try:
        about = json.loads(str(stored["about"]))
        gaussian = Gaussian(int(stored["n"]), stored["mean"], stored["scatter"])
        npz.require_finite(path, [gaussian.mean, gaussian.scatter], remedy)
        if gaussian.n < 2 or gaussian.scatter.shape != 2 * gaussian.mean.shape:
            raise DataError(f"{path}: no saved reference (shapes do not fit); {remedy}")
        dropped = tuple(Dropped(*pair) for pair in about["dropped"])
        return Reference(
            about["identity"],
            gaussian,
            about["clips"],
            about["seconds"],
            dropped,
            about["provenance"],
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path}: no saved reference ({reason(error)}); {remedy}") from None
