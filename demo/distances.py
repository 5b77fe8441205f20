"""Frechet Audio Distance of two sets of uploaded clips."""

from dataclasses import replace

from demo.uploads import read_bytes
from experiment.errors import DataError

MOST = 200
FEWEST = 2
MEGABYTES = 200
EMBEDDINGS = {
    "logmel": "log-mel statistics: nobody trained it, needs nothing",
    "yamnet": "YAMNet: learned on sounds of all kinds, fetched once (4 MB)",
}


def read(files, settings):
    """Read an uploaded set.

    Parameters
    ----------
    files : list of (str, bytes)
        Names and contents.
    settings : demo.settings.Settings
        Limits of one file.

    Returns
    -------
    clips : list of (str, Clip)
        What could be read.
    refused : list of str
        Why the rest could not.

    Raises
    ------
    DataError
        If the set is too large.
    """
    size = sum(len(content) for _, content in files) >> 20
    if size > MEGABYTES or len(files) > MOST:
        raise DataError(
            f"{len(files)} files of {size} MB in all; at most {MOST} files and {MEGABYTES} MB are "
            "taken here; fake-audio fad takes any number"
        )
    clips, refused = [], []
    for name, content in files:
        try:
            clips.append((name, read_bytes(name, content, settings)))
        except DataError as error:
            refused.append(str(error))
    return clips, refused


def embed(named, embedding):
    """Embed clips.

    Parameters
    ----------
    named : list of (str, Clip)
        Clips at 16 kHz, by the visitor's names.
    embedding : str
        Key of `fad.EMBEDDINGS`.

    Returns
    -------
    fad.embeddings.types.Embeddings
        Its clips bear the visitor's names.
    """
    from fad.embeddings.sound_files import Settings, opened

    clips = [replace(clip, name=f"{k + 1}. {name}") for k, (name, clip) in enumerate(named)]
    return opened(Settings(embedding)).embed(clips)


def measure(reference, evaluated, embedding="logmel", seed=0):
    """Return how far one set is from another.

    Parameters
    ----------
    reference, evaluated : list of (str, Clip)
        At 16 kHz.
    embedding : str
        Key of `fad.EMBEDDINGS`.
    seed : int
        Of the interval.

    Returns
    -------
    dict
        From `fad.distance.comparison.compare`.

    Raises
    ------
    DataError
        If a set is too small.
    """
    from fad.distance.comparison import compare

    for name, members in (("reference", reference), ("evaluated", evaluated)):
        if len(members) < FEWEST:
            raise DataError(
                f"the {name} set has {len(members)} readable clips; give at least {FEWEST}, and "
                "some hundred for a number to report"
            )
    sets = {"evaluated": embed(evaluated, embedding)}
    return compare(embed(reference, embedding), sets, seed=seed)


def words(result):
    """Return a result in a sentence."""
    row, reference = result["ranking"][0], result["reference"]
    return (
        f"FAD {row['fad']:.4g} [{row['low']:.4g}, {row['high']:.4g}] "
        f"({result['level']:.0%} interval, {result['repeats']} draws of whole clips, seed "
        f"{result['seed']}); {row['clips']} clips against {reference['clips']}, embedding "
        f"{result['identity']['embedding']}, weights {result['identity']['weights']}."
    )
