"""Features of whole manifests, computed once for each front end and set of clips."""

import numpy as np

from audio.clip import read_clip, read_samples
from audio.frontends import to_dict
from experiment.errors import DataError
from experiment.files import atomic, cache_folder, digest
from experiment.progress import meter
from experiment.threads import on_threads

GROUP = 64  # clips in memory; reading them on threads as well is slower
VERSION = 3  # counts changes of any front end's numbers


def of_manifest(front_end, frame, change=None, name=None):
    """Return the features of every clip of a manifest.

    Parameters
    ----------
    front_end : FrontEnd
        What to compute.
    frame : DataFrame
        A manifest; clip, source and duration name the content, so a cached result is found again
        wherever the files lie.
    change : callable, optional
        From a Clip to the samples that are looked at instead of its own.
    name : object, optional
        What JSON holds and tells this change from any other; needed with `change`.

    Returns
    -------
    ndarray [clips, *front_end.shape] of float32
        Read-only, memory-mapped from the cache.
    """
    content = (frame[column].tolist() for column in ("clip", "source", "duration"))
    changed = [] if change is None else [name]
    key = digest(VERSION, to_dict(front_end), *content, *changed)
    path = cache_folder("features") / f"{key}.npy"
    if not path.exists():
        features = of_files(front_end, frame["path"].tolist(), change)
        with atomic(path) as temporary:
            np.save(temporary, features, allow_pickle=False)
    return np.load(path, mmap_mode="r", allow_pickle=False)


def of_files(front_end, paths, change=None):
    """Return the features of files, read and computed on all cores.

    Parameters
    ----------
    front_end : FrontEnd
        What to compute.
    paths : sequence of str or Path
        Sound files.
    change : callable, optional
        From a Clip to the samples that are looked at instead of its own.

    Returns
    -------
    ndarray [files, *front_end.shape] of float32
    """
    features = np.empty((len(paths), *front_end.shape), np.float32)
    read = read_samples if change is None else read_clip
    with meter("features", len(paths)) as advance:
        for start in range(0, len(paths), GROUP):
            sounds = [read(path, front_end.rate) for path in paths[start : start + GROUP]]
            if change is not None:
                sounds = list(on_threads(change, sounds))
            features[start : start + GROUP] = front_end.batch(sounds)
            advance(len(sounds))
    return features


def is_real(frame, what):
    """Return which rows of a manifest are bona fide.

    Parameters
    ----------
    frame : DataFrame
        A manifest.
    what : str
        Its name in the message.

    Returns
    -------
    ndarray [clips] of bool

    Raises
    ------
    DataError
        If one of the two classes is missing, with the counts.
    """
    real = (frame["label"] == "bonafide").to_numpy()
    if real.all() or not real.any():
        raise DataError(
            f"{what}: {real.sum()} bona fide and {(~real).sum()} spoof clips; both are needed"
        )
    return real
