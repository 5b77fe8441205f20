"""The samples themselves, for networks that learn their own filters."""

from dataclasses import dataclass

import numpy as np

from audio.frontends.base import FrontEnd


@dataclass(frozen=True)
class Waveform(FrontEnd):
    """Samples [samples, 1].

    Attributes
    ----------
    normalise : bool
        Bring the clip to mean zero and root mean square one; silence stays zero. Without, samples
        are as they were recorded, which published networks expect and which lets the level through.
    """

    normalise: bool = True

    @property
    def times(self):
        """Times of the samples in seconds, ndarray [samples]."""
        return np.arange(self.samples) / self.rate

    @property
    def frequencies(self):
        """None: a sample has no frequency."""
        return None

    @property
    def shape(self):
        """Shape of the features of one clip: (samples, 1)."""
        return (self.samples, 1)

    def __call__(self, samples):
        """Return the features of one clip.

        Parameters
        ----------
        samples : array_like [n]
            Mono samples at `rate`.

        Returns
        -------
        ndarray [samples, 1] of float32
        """
        samples = self.fit(samples)
        if not self.normalise:
            return samples[:, None]
        samples = samples.astype(np.float64)
        samples -= samples.mean()
        size = np.sqrt(np.mean(samples**2))
        return (samples / size if size > 1e-9 else 0 * samples).astype(np.float32)[:, None]
