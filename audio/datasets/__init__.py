"""Data sets: each is read into a manifest.

`DATASETS` is the list; a new data set is one file here and one line there.
"""

from audio.datasets import (
    asvspoof5,
    asvspoof2017,
    asvspoof2019_la,
    asvspoof2021,
    fake_or_real,
    in_the_wild,
    speech_commands,
    wavefake,
)
from audio.datasets.base import DataSet


def _starter(size="quick", **options):
    """Real speech and fakes of real engines, built from packages; sizes tiny, quick and full."""
    from audio.datasets.starter.build import starter

    return starter(size, **options)


def _folder(path, **options):
    """Your own recordings: ``real/`` and ``fake/<attack>/``, or real ones only."""
    from audio.datasets.folder import folder

    return folder(path, **options)


DATASETS = {
    "starter": DataSet(_starter, "Starter corpus"),
    "folder": DataSet(_folder, "Your own recordings"),
    "asvspoof2017": asvspoof2017.DATA,
    "asvspoof2019_la": asvspoof2019_la.DATA,
    "asvspoof2021_la": asvspoof2021.LA,
    "asvspoof2021_df": asvspoof2021.DF,
    "asvspoof5": asvspoof5.DATA,
    "in_the_wild": in_the_wild.DATA,
    "for_norm": fake_or_real.NORM,
    "for_2sec": fake_or_real.TWO_SECONDS,
    "for_rerec": fake_or_real.RERECORDED,
    "for_original": fake_or_real.ORIGINAL,
    "wavefake": wavefake.DATA,
    "speech_commands": speech_commands.ALL,
    "sc09": speech_commands.SC09,
}


def read(path, dataset=None):
    """Return a manifest of whatever holds clips.

    Parameters
    ----------
    path : str or Path
        Folder of the data set; the size for the starter corpus. Without `dataset`: a manifest, or
        a folder of your own recordings.
    dataset : str, optional
        A key of `DATASETS`.

    Returns
    -------
    DataFrame
        What could not be read is in ``attrs["rejects"]``, where anything was left out.

    Raises
    ------
    UsageError
        If there is no such data set.
    DataError
        If it cannot be read.
    """
    from audio.manifest import is_manifest, load
    from experiment.errors import choose

    if dataset:
        return choose(dataset, DATASETS, "data set")(path)
    return load(path) if is_manifest(path) else DATASETS["folder"](path)
