"""Data sets: each is read into a manifest.

`DATASETS` is the list; a new data set is one file here and one line there.
"""

from audio.datasets import (
    add2023,
    arena,
    asvspoof5,
    asvspoof2017,
    asvspoof2019_la,
    asvspoof2021,
    codecfake,
    codecfake_wu,
    common_voice,
    ctrsvdd,
    cvoicefake,
    deepfake_eval_2024,
    dfadd,
    fake_or_real,
    had,
    in_the_wild,
    llamapartialspoof,
    m_ailabs,
    mlaad,
    partialspoof,
    real_speech,
    speech_commands,
    spoofceleb,
    vctk,
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
    "arena": arena.DATA,
    "mlaad": mlaad.DATA,
    "spoofceleb": spoofceleb.DATA,
    "deepfake_eval_2024": deepfake_eval_2024.DATA,
    "codecfake": codecfake.DATA,
    "codecfake_wu": codecfake_wu.DATA,
    "dfadd": dfadd.DATA,
    "cvoicefake": cvoicefake.DATA,
    "ctrsvdd": ctrsvdd.DATA,
    "partialspoof": partialspoof.DATA,
    "had": had.DATA,
    "llamapartialspoof": llamapartialspoof.DATA,
    "add2023_track1": add2023.DATA,
    "add2023_track2": had.ADD2023_TRACK_2,
    "speech_commands": speech_commands.ALL,
    "sc09": speech_commands.SC09,
    "fsdd": real_speech.FSDD,
    "audiomnist": real_speech.AUDIOMNIST,
    "librispeech": real_speech.LIBRISPEECH,
    "libritts": real_speech.LIBRITTS,
    "ljspeech": real_speech.LJSPEECH,
    "vctk": vctk.DATA,
    "common_voice": common_voice.DATA,
    "m_ailabs": m_ailabs.DATA,
    "voxceleb": real_speech.VOXCELEB,
}


def read(path, dataset: str | None = None):
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
