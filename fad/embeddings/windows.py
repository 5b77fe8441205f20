"""How clips are cut into windows: the part of a FAD that published numbers differ in."""

from dataclasses import dataclass, replace

import numpy as np

from audio.clip import RATE
from experiment.errors import DataError, UsageError, choose

SHORT = ("pad", "drop", "refuse")


@dataclass(frozen=True)
class Preset:
    """A windowing under its name.

    Attributes
    ----------
    name : str
        Stands in every result.
    window : float
        Length in seconds that a window takes from the clip. An embedding that needs more takes
        what it needs.
    hop : float
        Step in seconds from window to window.
    peak : bool
        Whether each clip is scaled to a peak of 1 first.
    short : str
        Clips shorter than one window: ``pad`` with zeros at the end, ``drop`` or ``refuse``.
    """

    name: str
    window: float
    hop: float
    peak: bool
    short: str = "pad"

    def __str__(self):
        return self.name if self.short == "pad" else f"{self.name}, short clips: {self.short}"


PRESETS = {
    "google": Preset("google", window=1.0, hop=0.5, peak=True),
    "torch": Preset("torch", window=0.96, hop=0.96, peak=False),
    "dense": Preset("dense", window=0.96, hop=0.1, peak=True),
}


def preset(name, short="pad"):
    """Return a preset by name.

    Parameters
    ----------
    name : str
        Key of `PRESETS`.
    short : str
        What becomes of clips shorter than one window, one of `SHORT`.

    Returns
    -------
    Preset
        The named one with that policy.

    Raises
    ------
    UsageError
        If there is no such preset or policy.
    """
    if short not in SHORT:
        raise UsageError(f"short clips: unknown policy {short!r}; choose {', '.join(SHORT)}")
    return replace(choose(name, PRESETS, "preset"), short=short)


def cut(samples, preset, context):
    """Cut the windows of one clip.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz.
    preset : Preset
        Length, step and level.
    context : int
        Samples that the embedding reads of each window.

    Returns
    -------
    ndarray [windows, context]
        A remainder shorter than a window is left out.

    Raises
    ------
    DataError
        If nothing can be cut; the message says why.
    """
    span, hop = max(round(preset.window * RATE), context), round(preset.hop * RATE)
    samples = _long_enough(_checked(samples), span, preset.short)
    if preset.peak:
        samples = samples / (np.abs(samples).max() or 1.0)
    return np.lib.stride_tricks.sliding_window_view(samples, span)[::hop, :context]


def _checked(samples):
    samples = np.asarray(samples, dtype=np.float32)
    if not len(samples):
        raise DataError("no samples")
    if not np.isfinite(samples).all():
        raise DataError(f"sample {int(np.argmin(np.isfinite(samples)))} is not finite")
    return samples


def _long_enough(samples, span, short):
    if len(samples) >= span:
        return samples
    if short == "pad":
        return np.pad(samples, (0, span - len(samples)))
    raise DataError(f"lasts {len(samples) / RATE:.3f} s, less than one window of {span / RATE} s")
