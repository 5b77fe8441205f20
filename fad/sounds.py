"""The Frechet Audio Distance of whatever holds sounds."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from audio.clip import Clip
from fad import sets
from fad.distance import scoring
from fad.distance.reference import Reference
from fad.embeddings.embedder import load
from fad.embeddings.sound_files import Settings, embed_files
from fad.embeddings.types import Embeddings

Sounds: TypeAlias = str | Path | pd.DataFrame | Sequence[Clip] | Embeddings


def score(
    reference: Sounds | Reference,
    evaluated: Sounds,
    embedding: str = "yamnet",
    *,
    preset: str = "google",
    seed: int = 0,
    repeats: int = 1000,
) -> scoring.Score:
    """Return the Frechet Audio Distance of a set of sounds to a reference.

    Parameters
    ----------
    reference, evaluated : str, Path, DataFrame, sequence of Clip or Embeddings
        A folder of sound files, a manifest or its path, clips, or what is embedded already; the
        reference may also be a `fad.distance.reference.Reference`.
    embedding : str
        Key of `fad.EMBEDDINGS`.
    preset : str
        How clips are cut: a key of `fad.embeddings.windows.PRESETS`.
    seed : int
        Seed of the interval.
    repeats : int
        Draws of whole clips behind the interval.

    Returns
    -------
    fad.distance.scoring.Score
        Distance, interval, counts, warnings, and what was dropped.

    Raises
    ------
    UsageError
        If there is no such embedding or preset.
    DataError
        If a set cannot be read, has fewer than two windows, or cannot be compared.

    See Also
    --------
    fad.load : an embedding, for clips in memory.

    Notes
    -----
    Source: Kilgour et al. 2019, *Frechet Audio Distance*; interval: `fad.distance.influence`.

    Examples
    --------
    >>> import fad
    >>> result = fad.score(speech[:16], speech[16:], "logmel", repeats=100)
    >>> result.interval.low < result.distance < result.interval.high
    True
    >>> result.evaluated.clips
    16
    """
    first, second = (embedded(sounds, embedding, preset) for sounds in (reference, evaluated))
    return scoring.score(first, second, seed, repeats)


def embedded(
    sounds: Sounds | Reference, embedding: str = "yamnet", preset: str = "google"
) -> Embeddings | Reference:
    """Return the embeddings of whatever holds sounds; see `score`."""
    if isinstance(sounds, Embeddings | Reference):
        return sounds
    if isinstance(sounds, str | Path):
        sounds = sets.read(str(sounds))
    if isinstance(sounds, pd.DataFrame):
        return embed_files(sounds["path"].tolist(), Settings(embedding, preset))
    return load(embedding, preset).embed(sounds)
