"""Embeddings of a set of clips, with what makes them comparable."""

from dataclasses import dataclass

import numpy as np

from experiment.errors import DataError


@dataclass(frozen=True)
class Dropped:
    """A clip that no number rests on.

    Attributes
    ----------
    name : str
        Its name, or its path where it could not be read.
    reason : str
        Why it was left out.
    """

    name: str
    reason: str


@dataclass(frozen=True)
class Embeddings:
    """Embeddings of the windows of a set of clips.

    Attributes
    ----------
    name : str
        Key of the embedding in `fad.EMBEDDINGS`.
    digest : str
        Digest of its weights.
    preset : str
        Name of the windowing, see `fad.embeddings.windows.PRESETS`.
    rate : int
        Sampling rate in Hz at which the clips were embedded.
    array : ndarray [windows, d]
        One embedding per row, float32.
    clips : ndarray [windows] of str
        Id of the clip of each window; windows of one clip are neighbours.
    dropped : tuple of Dropped
        Clips that were left out.
    seconds : float
        Duration of the clips that were kept.
    """

    name: str
    digest: str
    preset: str
    rate: int
    array: np.ndarray
    clips: np.ndarray
    dropped: tuple = ()
    seconds: float = 0.0

    @property
    def identity(self):
        """What two sets must share to be compared."""
        return {
            "embedding": self.name,
            "weights": self.digest,
            "preset": self.preset,
            "rate": self.rate,
        }

    @property
    def dimensions(self):
        """Length of one embedding."""
        return self.array.shape[1]

    @property
    def n_windows(self):
        """Number of embeddings."""
        return len(self.array)

    @property
    def n_clips(self):
        """Number of clips that were kept."""
        return len(np.unique(self.clips))

    def select(self, keep):
        """Return the windows where `keep` holds.

        Parameters
        ----------
        keep : ndarray [windows] of bool
            Windows to keep.

        Returns
        -------
        Embeddings
            The same set, smaller; what was dropped stays listed.
        """
        share = float(np.mean(keep)) if len(keep) else 0.0
        return Embeddings(
            **self.identity_fields(),
            array=self.array[keep],
            clips=self.clips[keep],
            dropped=self.dropped,
            seconds=self.seconds * share,
        )

    def identity_fields(self):
        """Return the identity under the names of the constructor."""
        return {
            "name": self.name,
            "digest": self.digest,
            "preset": self.preset,
            "rate": self.rate,
        }


def comparable(first, second):
    """Refuse two sets that no distance may be taken between.

    Parameters
    ----------
    first, second : Embeddings or fad.distance.reference.Reference
        Anything with an `identity`.

    Raises
    ------
    DataError
        If embedding, weights, preset or rate differ; both values are named.
    """
    left, right = first.identity, second.identity
    faults = [f"{key} {left[key]} and {right[key]}" for key in left if left[key] != right[key]]
    if faults:
        raise DataError(f"not comparable: {'; '.join(faults)}; embed both sets in the same way")
