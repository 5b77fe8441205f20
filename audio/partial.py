"""A manifest of partial fakes, made from one of originals and their copies."""

from pathlib import Path

import pandas as pd

from audio.clip import read_clip, write_wav
from audio.manifest import filled, row, save, validate
from audio.splice import splice
from experiment.errors import DataError
from experiment.parallel import each
from experiment.seeds import rng


def partial_fakes(frame, folder, *, seed=0, stretches=2, workers=1):
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

    Returns
    -------
    DataFrame
        The originals and the partial fakes, with ``segments``; clips too short for a splice are
        left out.

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
    made = [found for found in each(_spliced, tasks, workers=workers, title="splicing") if found]
    kept = originals.reset_index().assign(segments="")
    whole = validate(filled(pd.concat([kept, pd.DataFrame(made)], ignore_index=True)))
    save(whole, Path(folder, "manifest.csv"))
    return whole


def _spliced(task):
    values, original, folder, seed, stretches = task
    real, fake = read_clip(original), read_clip(values["path"])
    n = min(len(real.samples), len(fake.samples))
    name = f"{values['name']}-partial"
    try:
        found = splice(
            real.samples[:n], fake.samples[:n], real.rate, rng(seed, "splice", name), stretches
        )
    except DataError:
        return None
    path = Path(folder, "clips", f"{name.replace('/', '_')}.wav")
    write_wav(path, found.samples, real.rate)
    kept = {k: values[k] for k in ("attack", "speaker", "text", "source", "split", "copy_of")}
    return row(
        read_clip(path, name=name), path.resolve(), label="spoof", segments=found.segments, **kept
    )
