"""A clip from which parts can be removed, and the detector's answer to what is left."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from experiment.errors import choose
from experiment.seeds import rng
from xai import transform
from xai.fills import FILLS
from xai.subject import BATCH
from xai.superpixels import Grid


@dataclass(frozen=True, eq=False)
class FeatureCanvas:
    """Parts are removed from the features.

    Attributes
    ----------
    subject : Subject
        Whose detector answers.
    original, filling : ndarray [frames, bands]
        Features of the clip, and what replaces removed parts.
    cells : ndarray [frames, bands] of int
        Superpixels.
    """

    subject: object
    original: np.ndarray
    filling: np.ndarray
    cells: np.ndarray

    @property
    def size(self):
        """Number of superpixels."""
        return int(self.cells.max()) + 1

    def render(self, keep):
        """Return features where ``keep [k, frames, bands]`` (1 to keep, 0 to remove) acted."""
        mixed = self.filling + keep * (self.original - self.filling)
        shape = self.subject.detector.front_end.shape
        return mixed.reshape(len(keep), *shape).astype(np.float32)

    def render_cells(self, keep):
        """Return features where ``keep [k, P]`` acted on the superpixels."""
        return self.render(keep.astype(np.float32)[:, self.cells])


class SoundCanvas(FeatureCanvas):
    """Parts are removed from the sound: its transform is masked, resynthesised and scored.

    `original`, `filling` and `cells` are ``[frames, bins]`` on the axes of `xai.transform`.
    """

    def sound(self, keep):
        """Return the signals, float32 [k, samples], where ``keep [k, frames, bins]`` acted."""
        mixed = self.filling + keep * (self.original - self.filling)
        samples = self.subject.detector.front_end.samples
        return transform.inverse(mixed, samples).astype(np.float32)

    def render(self, keep):
        """Return features where ``keep [k, frames, bins]`` acted."""
        return self._features(self.sound(keep))

    @cached_property
    def _parts(self):
        """Signal of the filling [1, samples], and what each superpixel adds to it, [P, samples]."""
        base = self.sound(np.zeros((1, *self.cells.shape), np.float32))
        added = [self.sound((self.cells == cell)[None]) - base for cell in range(self.size)]
        return base, np.concatenate(added)

    def render_cells(self, keep):
        """Return features where ``keep [k, P]`` acted; the transform is linear, so parts add."""
        base, parts = self._parts
        return self._features(base + keep.astype(np.float32) @ parts)

    def _features(self, signals):
        return self.subject.detector.front_end.batch(signals)


def make_canvas(subject, index, grid=None, fill="mean", seed=0):
    """Return the canvas of one clip.

    Parameters
    ----------
    subject : Subject
        The clips.
    index : int
        Which of them.
    grid : Grid, optional
        Superpixels in Hz and milliseconds.
    fill : str
        Key of `xai.fills.FILLS`.
    seed : int
        For random fills and, in the sound, the random phase of every fill.

    Returns
    -------
    FeatureCanvas or SoundCanvas
        As the subject's domain says.

    Raises
    ------
    UsageError
        If there is no such fill.
    """
    make = choose(fill, FILLS, "fill")
    generator = rng(seed, "fill", fill, subject.clips[index].name)
    cells = (grid or Grid()).cells(*subject.axes)
    filling = make(subject.planes[index], subject.level(index), generator)
    if subject.planar:
        return FeatureCanvas(subject, subject.planes[index], filling, cells)
    turns = np.exp(2j * np.pi * generator.random(filling.shape))
    spectrum = transform.forward(subject.signals[index])
    return SoundCanvas(subject, spectrum, (filling * turns).astype(np.complex64), cells)


def evidence(canvas, keep):
    """Return the evidence for the target after parts were removed.

    Parameters
    ----------
    canvas : FeatureCanvas or SoundCanvas
        The clip.
    keep : ndarray [k, P] or [k, frames, bands]
        1 to keep, 0 to remove, superpixels or pixels.

    Returns
    -------
    ndarray [k]
        Logits.
    """
    render = canvas.render_cells if keep.ndim == 2 else canvas.render
    parts = [
        canvas.subject.logits(render(keep[start : start + BATCH]))
        for start in range(0, len(keep), BATCH)
    ]
    return np.concatenate(parts)
