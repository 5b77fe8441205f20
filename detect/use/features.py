"""Features of whole manifests, computed once for each front end and set of clips."""

import numpy as np
import pandas as pd

from audio.clip import read_samples
from audio.manifest import clips
from encoders.frontend import to_dict
from experiment.arrays import cached
from experiment.files import digest, file_digest
from experiment.progress import meter
from experiment.threads import on_threads

GROUP = 64  # clips in memory; reading them on threads as well is slower
VERSION = 4  # counts changes of any front end's numbers


def of_manifest(front_end, frame, change=None, name=None):
    """Return the features of every clip of a manifest.

    Parameters
    ----------
    front_end : FrontEnd
        What to compute.
    frame : DataFrame
        A manifest. The bytes of its files name the content, so that a cached result is found again
        wherever the files lie and an edited file never gets the features of its former self.
    change : callable, optional
        From a Clip to the samples that are looked at instead of its own.
    name : object, optional
        What JSON holds and tells this change from any other; needed with `change`.

    Returns
    -------
    ndarray [clips, *front_end.shape] of float32
        Read-only, memory-mapped from the cache.
    """
    paths = frame["path"].tolist()
    changed = [] if change is None else [name, frame["name"].tolist()]
    content = list(on_threads(file_digest, paths))
    key = digest(VERSION, to_dict(front_end), content, *changed)
    shape = (len(paths), *front_end.shape)
    return cached("features", key, shape, lambda: _blocks(front_end, frame, change))


def of_files(front_end, paths):
    """Return the features of files, read and computed on all cores.

    Parameters
    ----------
    front_end : FrontEnd
        What to compute.
    paths : sequence of str or Path
        Sound files.

    Returns
    -------
    ndarray [files, *front_end.shape] of float32
    """
    blocks = list(_blocks(front_end, pd.DataFrame({"path": paths})))
    return np.concatenate(blocks) if blocks else np.empty((0, *front_end.shape), np.float32)


def _blocks(front_end, frame, change=None):
    """Yield the features of `GROUP` files after `GROUP` files."""
    with meter("features", len(frame)) as advance:
        for start in range(0, len(frame), GROUP):
            group = frame.iloc[start : start + GROUP]
            if change is None:
                sounds = [read_samples(path, front_end.rate) for path in group["path"]]
            else:
                sounds = list(on_threads(change, list(clips(group, front_end.rate))))
            yield front_end.batch(sounds)
            advance(len(sounds))
