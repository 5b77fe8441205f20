"""A manifest of partial fakes, made from one of originals and their copies."""

from pathlib import Path

import numpy as np
import pandas as pd

from audio.clip import read_clip, write_wav
from audio.manifest import filled, row, save, validate
from audio.splice import splice
from experiment.errors import DataError
from experiment.parallel import each
from experiment.seeds import rng


def partial_fakes(frame, folder, *, seed=0, stretches=2, workers=1, control=False):
    """Write a partial fake for each copy of a manifest, beside the originals.

    Parameters
    ----------
    frame : DataFrame
        Originals and their copies (column ``copy_of``).
    folder : str or Path
        Gets the sound files, and ``manifest.csv``.
    seed : int
        Of the stretches.
    stretches : int
        Spliced into each clip, at most.
    workers : int
        Processes.
    control : bool
        Also write each original with stretches of its own sound upside down: joints as abrupt as
        those of a fake, and nothing fake between them. Such a clip is bona fide.

    Returns
    -------
    DataFrame
        The originals, the partial fakes, with ``segments``, and the controls, named
        ``...-control``; clips too short for a splice are left out.

    Raises
    ------
    DataError
        If no copy has its original in the manifest.
    """
    originals = frame[frame["label"] == "bonafide"].set_index("name")
    copies = frame[frame["copy_of"].isin(originals.index)]
    tasks = [
        (dict(one._asdict()), originals.loc[one.copy_of, "path"], str(folder), seed, stretches)
        for one in copies.itertuples(index=False)
    ]
    if not tasks:
        raise DataError(f"{len(frame)} clips and none is a copy of another (column copy_of)")
    if control:
        tasks += [
            (dict(one._asdict()), one.path, str(folder), seed, stretches)
            for one in originals.reset_index().itertuples(index=False)
        ]
    made = [found for found in each(_spliced, tasks, workers=workers, title="splicing") if found]
    kept = originals.reset_index().assign(segments="")
    whole = validate(filled(pd.concat([kept, pd.DataFrame(made)], ignore_index=True)))
    save(whole, Path(folder, "manifest.csv"))
    return whole


def _spliced(task):
    values, original, folder, seed, stretches = task
    control = values["label"] == "bonafide"
    real, fake = read_clip(original), read_clip(values["path"])
    n = min(len(real.samples), len(fake.samples))
    inside = -fake.samples[:n] if control else fake.samples[:n]
    name = f"{values['name']}-{'control' if control else 'partial'}"
    try:
        found = splice(real.samples[:n], inside, real.rate, rng(seed, "splice", name), stretches)
    except DataError:
        return None
    path = Path(folder, "clips", f"{name.replace('/', '_')}.wav")
    write_wav(path, found.samples / max(np.abs(found.samples).max(), 1), real.rate)
    kept = {k: values[k] for k in ("attack", "label", "speaker", "text", "source", "split")}
    kept["copy_of"] = values["name"] if control else values["copy_of"]
    kept["segments"] = "" if control else found.segments
    return row(read_clip(path, name=name), path.resolve(), **kept)
