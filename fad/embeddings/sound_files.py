"""From sound files to embeddings: cached, and on as many processes and machines as wanted."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from audio.clip import read_clip
from experiment.errors import DataError
from experiment.files import digest, file_digest
from experiment.parallel import each
from fad.embeddings import embedder
from fad.embeddings.gaussian import Gaussian
from fad.embeddings.types import Dropped

CHUNK = 256  # files; the last batch of a chunk is seldom full


@dataclass(frozen=True)
class Settings:
    """How files are embedded; a worker loads the embedding from this.

    Attributes
    ----------
    embedding : str
        Key of `fad.EMBEDDINGS`.
    preset : str
        Key of `fad.embeddings.windows.PRESETS`.
    source : str, optional
        Where the weights are.
    short : str
        What becomes of clips shorter than one window.
    """

    embedding: str = "yamnet"
    preset: str = "google"
    source: str | None = None
    short: str = "pad"


@lru_cache(maxsize=2)
def opened(settings):
    """Return the embedder of `settings`, loaded once per process."""
    return embedder.load(
        settings.embedding, settings.preset, source=settings.source, short=settings.short
    )


def embed_files(paths, settings, *, workers=1, scheduler=None, cache=None, title="embedding"):
    """Embed sound files.

    Parameters
    ----------
    paths : sequence of str or Path
        Files of any format and rate.
    settings : Settings
        Embedding and windowing.
    workers : int
        Processes; one uses all cores already.
    scheduler : str, optional
        Address of a running dask scheduler.
    cache : fad.embeddings.cache.Cache, optional
        Where to look first and to keep what is new.
    title : str
        For the progress bar.

    Returns
    -------
    fad.embeddings.types.Embeddings
        Clips are named by their path and keep their order; files that could not be read or are
        too short are listed.
    """
    paths = [str(path) for path in paths]
    found = {}
    for part in stream(paths, settings, workers, scheduler, cache, title):
        found.update(part)
    return _assembled(paths, found, opened(settings))


def _assembled(paths, found, embedder):
    kept = [path for path in paths if not isinstance(found[path], str)]
    dropped = [Dropped(path, found[path]) for path in paths if isinstance(found[path], str)]
    arrays = [found[path][0] for path in kept]
    array = np.concatenate([np.empty((0, embedder.dimensions), np.float32), *arrays])
    names = np.repeat(np.array(kept, dtype=str), [len(rows) for rows in arrays])
    return embedder.collect(array, names, dropped, sum(found[path][1] for path in kept))


def stream(paths, settings, workers=1, scheduler=None, cache=None, title="embedding"):
    """Yield embeddings by the chunk, so that any number of files fits in memory.

    Parameters
    ----------
    paths, settings, workers, scheduler, cache, title
        As for `embed_files`.

    Yields
    ------
    dict of str to (ndarray [windows, d], float) or str
        Embeddings and seconds of each file, or why it was dropped. A file that is named twice is
        embedded once.
    """
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    keys, missing = {}, []
    for chunk in chunks:
        known = _lookup(chunk, settings, cache, keys)
        missing += [path for path in dict.fromkeys(chunk) if path not in known]
        yield known
    tasks = [(settings, missing[start : start + CHUNK]) for start in range(0, len(missing), CHUNK)]
    if not tasks:
        return
    for part in each(embed_chunk, tasks, workers=workers, scheduler=scheduler, title=title):
        if cache is not None:
            cache.put({keys[p]: e for p, e in part.items() if not isinstance(e, str) and p in keys})
        yield part


def _lookup(chunk, settings, cache, keys):
    if cache is None:
        return {}
    embedder = opened(settings)
    for path in chunk:
        try:
            content = file_digest(path)
        except OSError:
            continue
        keys[path] = digest(content, embedder.name, embedder.digest, str(embedder.preset))
    known = cache.get([keys[path] for path in chunk if path in keys])
    return {path: known[keys[path]] for path in chunk if keys.get(path) in known}


def embed_chunk(task):
    """Embed some files in the process that this is called in.

    Parameters
    ----------
    task : (Settings, list of str)
        What to embed and how.

    Returns
    -------
    dict of str to (ndarray [windows, d], float) or str
        As `stream` yields.
    """
    settings, paths = task
    lengths, failed = {}, {}
    result = opened(settings).embed(_read(paths, lengths, failed))
    failed.update({drop.name: drop.reason for drop in result.dropped})
    return {
        path: failed.get(path) or (result.array[result.clips == path], lengths[path])
        for path in paths
    }


def _read(paths, lengths, failed):
    for path in paths:
        try:
            clip = read_clip(path, name=path)
        except DataError as error:
            failed[path] = str(error).removeprefix(f"{path}: ")
            continue
        lengths[path] = clip.seconds
        yield clip


def summarise(paths, settings, **options):
    """Return the statistics of files without holding their embeddings: O(d^2) memory.

    Parameters
    ----------
    paths : sequence of str or Path
        Files.
    settings : Settings
        Embedding and windowing.
    **options
        As for `stream`.

    Returns
    -------
    gaussian : fad.embeddings.gaussian.Gaussian
        Of all windows.
    clips : int
        Files that were kept.
    seconds : float
        Their duration.
    dropped : list of Dropped
        The others.

    Raises
    ------
    DataError
        If no file could be used.
    """
    total, clips, seconds, dropped = None, 0, 0.0, []
    for part in stream([str(path) for path in paths], settings, **options):
        good = [entry for entry in part.values() if not isinstance(entry, str)]
        dropped += [Dropped(path, entry) for path, entry in part.items() if isinstance(entry, str)]
        clips, seconds = clips + len(good), seconds + sum(length for _, length in good)
        if good:
            one = Gaussian.of(np.concatenate([rows for rows, _ in good]))
            total = one if total is None else total + one
    if total is None:
        first = f"; first: {dropped[0].name}: {dropped[0].reason}" if dropped else ""
        raise DataError(f"none of {len(paths)} files could be embedded{first}")
    return total, clips, seconds, dropped
