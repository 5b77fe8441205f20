"""Which detectors and generators there are; each is loaded once, for all visitors."""

import threading
from functools import lru_cache
from pathlib import Path

from audio.clip import make_clip
from experiment.seeds import rng

_loading = threading.Lock()

FIRST = "starter"  # its spectrogram is what the page's pictures explain


def detectors(settings):
    """Return the detectors on offer.

    Parameters
    ----------
    settings : demo.settings.Settings
        Names folders.

    Returns
    -------
    dict of str to str
        Name for people, and what `detect.load` takes; those of the package come first, of them
        `FIRST`.
    """
    from detect.use.detector import SETTINGS
    from detect.use.loading import shipped

    runs = [path for path in _finished(settings) if (path / "detectors").is_dir()]
    found = {name: name for name in sorted(shipped(), key=lambda name: (name != FIRST, name))}
    return found | _named(settings.models, runs, SETTINGS, "detectors")


def generators(settings):
    """Return the generators of clips on offer, as `detectors` does."""
    from gan.generation import copies, shipped

    runs = [path for path in _finished(settings) if (path / "generator").is_dir()]
    found = {name: name for name in shipped()}
    found |= _named(settings.generators, runs, "model.json", "generator")
    return {name: place for name, place in found.items() if not copies(place)}


def _finished(settings):
    return [mark.parent for mark in sorted(Path(settings.runs).glob("*/DONE"))]


def _named(folder, runs, mark, dull):
    """Return the folders below that hold `mark`, by a short name without the part `dull`."""
    roots = [(run.name, run) for run in runs]
    if folder:
        roots.insert(0, ("", Path(folder)))
    found = {}
    for first, root in roots:
        for file in sorted(root.rglob(mark)):
            parts = [part for part in file.parent.relative_to(root).parts if part != dull]
            name = "/".join(filter(None, [first, *parts])) or root.resolve().name
            found[name] = str(file.parent)
    return found


def detector(place):
    """Return a detector that is loaded and warm.

    Parameters
    ----------
    place : str
        A value of `detectors`.

    Returns
    -------
    Detector
    """
    with _loading:
        return _detector(place)


def keep_session():
    """Take from Streamlit what it does after each run of a page: to clear the state of Keras.

    That state belongs to all threads, and jobs of other visitors are using it.
    """
    import keras

    keras.backend.clear_session = lambda free_memory=True: None


@lru_cache(maxsize=8)
def _detector(place):
    keep_session()
    from detect.use.loading import load
    from detect.use.verdict import verdict

    loaded = load(place)
    hiss = rng(0, "warm").normal(0, 0.01, loaded.front_end.samples)
    verdict(loaded, make_clip(hiss, loaded.rate))
    return loaded


def warm(settings):
    """Load the first detector aside, so that the first visitor need not wait for TensorFlow."""
    places = list(detectors(settings).values())[:1]
    for place in places:
        threading.Thread(target=detector, args=(place,), daemon=True).start()


def generator(place):
    """Return a generator, loaded once; `place` is a value of `generators`."""
    with _loading:
        return _generator(place)


@lru_cache(maxsize=4)
def _generator(place):
    from gan.generation import load

    return load(place)
