"""An embedding that is ready for clips: its network, and how clips are cut into windows."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from audio.clip import RATE
from experiment.errors import DataError, choose
from fad.embeddings import windows
from fad.embeddings.network import BATCH, Network
from fad.embeddings.registry import EMBEDDINGS
from fad.embeddings.types import Dropped, Embeddings


def load(
    name: str, preset: str = "google", source: str | Path | None = None, short: str = "pad"
) -> "Embedder":
    """Return an embedding, ready for clips.

    Parameters
    ----------
    name : str
        Key of `fad.EMBEDDINGS`.
    preset : str
        Key of `fad.embeddings.windows.PRESETS`.
    source : str or Path, optional
        Where the weights are, for embeddings that take a choice.
    short : str
        What becomes of clips shorter than one window: ``pad``, ``drop`` or ``refuse``.

    Returns
    -------
    Embedder
        With the weights in memory.

    Raises
    ------
    UsageError
        If there is no such embedding, preset or policy, or a package is missing.
    DataError
        If the weights cannot be had or are damaged.
    """
    build = choose(name, EMBEDDINGS, "embedding")
    cutting = windows.preset(preset, short)
    return Embedder(name, build(source), cutting)


@dataclass(frozen=True)
class Embedder:
    """An embedding that is ready for clips.

    Attributes
    ----------
    name : str
        Key in `fad.EMBEDDINGS`.
    network : fad.embeddings.network.Network
        What maps windows to embeddings.
    preset : fad.embeddings.windows.Preset
        How clips are cut.
    rate : int
        Sampling rate in Hz that clips must have.
    """

    name: str
    network: Network
    preset: windows.Preset
    rate: int = RATE

    @property
    def digest(self):
        """Digest of the weights."""
        return self.network.digest

    @property
    def dimensions(self):
        """Length of one embedding."""
        return self.network.dimensions

    def embed(self, clips) -> Embeddings:
        """Embed clips, window by window; the clips themselves are streamed, not held.

        Parameters
        ----------
        clips : iterable of audio.clip.Clip
            At 16 kHz.

        Returns
        -------
        Embeddings
            With the clips that could not be used and why.

        Raises
        ------
        DataError
            If a clip has another rate, or is too short under the policy ``refuse``.
        """
        kept: list[tuple[str, int, float]] = []
        dropped: list[Dropped] = []
        rows = self._rows(clips, kept, dropped)
        pieces = [self.network.forward(batch) for batch in _batches(rows)]
        array = np.concatenate([np.empty((0, self.dimensions), np.float32), *pieces])
        names = np.repeat([clip for clip, *_ in kept], [count for _, count, _ in kept])
        return self.collect(array, names, dropped, sum(seconds for *_, seconds in kept))

    def collect(self, array, clips, dropped, seconds):
        """Return embeddings made elsewhere as `Embeddings` of this embedder."""
        made_by = (self.name, self.digest, str(self.preset), self.rate)
        return Embeddings(*made_by, array, clips, tuple(dropped), seconds)

    def _rows(self, clips, kept, dropped):
        for clip in clips:
            if clip.rate != self.rate:
                raise DataError(f"{clip.name}: {clip.rate} Hz; read clips at {self.rate} Hz")
            try:
                rows = windows.cut(clip.samples, self.preset, self.network.context)
            except DataError as error:
                if self.preset.short == "refuse":
                    raise DataError(f"{clip.name}: {error}") from None
                dropped.append(Dropped(clip.name, str(error)))
                continue
            kept.append((clip.name, len(rows), len(clip.samples) / clip.rate))
            yield from rows


def _batches(rows):
    while batch := list(islice(rows, BATCH)):
        yield np.stack(batch)
