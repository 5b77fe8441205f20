"""Cepstral coefficients of several window lengths side by side."""

from dataclasses import dataclass

import numpy as np

from audio.frontends.cepstral import LFCC
from experiment.errors import UsageError


@dataclass(frozen=True)
class WindowedLFCC(LFCC):
    """LFCC in windows of several lengths [frames, windows * coefficients * (orders + 1), 1].

    A short window sees how a voice begins, a long one its harmonics; the traces of a vocoder show
    in the window that is like its own frame, which differs from vocoder to vocoder.

    Attributes
    ----------
    windows : tuple of int
        Lengths in samples, ascending; each is transformed with the next power of two. All have the
        frames of `hop`.
    """

    bands: int = 32
    orders: int = 0
    windows: tuple[int, ...] = (256, 320, 1024)

    def __post_init__(self):
        object.__setattr__(self, "windows", tuple(self.windows))
        super().__post_init__()
        if not self.windows:
            raise UsageError("windows: name at least one length in samples")

    @property
    def shape(self):
        """Shape of the features of one clip: (frames, all coefficients, 1)."""
        frames, coefficients, _ = super().shape
        return (frames, coefficients * len(self.windows), 1)

    def picture(self, samples):
        """Return the coefficients in units of 20 dB, window after window."""
        return np.concatenate([part.picture(samples) for part in self.parts], axis=1)

    @property
    def parts(self):
        """The front ends of the single windows, list of LFCC."""
        common = {name: getattr(self, name) for name in LFCC.__dataclass_fields__}
        return [
            LFCC(**{**common, "window": window, "n_fft": 1 << (window - 1).bit_length()})
            for window in self.windows
        ]
