"""A manifest of whatever holds clips: a published data set, a manifest, a folder."""

from pathlib import Path

import pandas as pd

from audio.datasets import DATASETS, read


def load(source: str | Path, path: str | Path | None = None) -> pd.DataFrame:
    """Return a manifest of whatever holds clips.

    Parameters
    ----------
    source : str or Path
        A key of `audio.datasets.DATASETS`; or, without `path`, a manifest or a folder with
        ``real/`` and ``fake/``.
    path : str or Path, optional
        Folder of the data set; of the starter corpus, its size: tiny, quick or full.

    Returns
    -------
    DataFrame
        One row per clip: name, path, label, attack, speaker, text, split, duration and more. What
        could not be read is in ``attrs["rejects"]``.

    Raises
    ------
    UsageError
        If there is no such data set.
    DataError
        If it cannot be read.

    See Also
    --------
    audio.splits : train, dev and test of a manifest.
    audio.clips : the sound of its rows.

    Examples
    --------
    >>> import audio
    >>> manifest = audio.load("starter", "tiny")
    >>> sorted(manifest["label"].unique())
    ['bonafide', 'spoof']
    """
    if path is None and source in DATASETS:
        path = "quick" if source == "starter" else path
    return read(source) if path is None else read(path, str(source))
