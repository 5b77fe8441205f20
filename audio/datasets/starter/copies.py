"""Let `fake-audio vocode` copy the real clips: originals and copies leave it as pairs.

It runs as a program of its own, as the speech engines do: what makes sound lies above this package.
"""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd

from audio.manifest import load, save
from experiment.errors import DataError

HERE = Path(__file__).parents[3]


def copied(real, copies, folder, workers, seed):
    """Return the manifest of real clips and their copies.

    Parameters
    ----------
    real : DataFrame
        Rows of real clips; paths are relative to the folder.
    copies : dict of str to sizes.Copying
        By split.
    folder : Path
        Of the corpus; gets a folder for each split.
    workers : int or None
        Processes.
    seed : int
        Of which vocoder copies which clip.

    Returns
    -------
    DataFrame
        With absolute paths.

    Raises
    ------
    DataError
        If clips could not be copied; the program has said why.
    """
    real = real.assign(path=[str(folder / path) for path in real["path"]])
    parts = [
        _vocode(real[real["split"] == split], how, folder / split, workers, seed)
        for split, how in copies.items()
        if (real["split"] == split).any()
    ]
    pairs = pd.concat(parts, ignore_index=True)
    return pairs.assign(voice=pairs["voice"].where(pairs["copy_of"] == "", "copy"))


def _vocode(real, how, out, workers, seed):
    data = out.parent / ".stages" / f"{out.name}.parquet"
    save(real, data)
    command = [sys.executable, "-P", "-m", "fake_audio", "vocode", str(data), "--resume"]
    command += ["--with", ",".join(how.vocoders), f"--per-clip={how.per_clip}", f"--out={out}"]
    command += [f"--seed={seed}", f"--workers={workers or 1}"]
    paths = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    ended = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.DEVNULL
    )
    if ended.returncode:
        raise DataError(f"the copies of {out.name} could not be made; see above")
    found = load(out)
    found.attrs = {}
    return found
