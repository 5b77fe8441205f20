"""VCTK 0.92: 110 speakers of English, read in one room. Real speech, used by most fakes' sets."""

from audio.datasets.base import DataSet, below, clips_of, collect, locate

FOLDER = "wav48_silence_trimmed"


def read(path):
    """Return the manifest of VCTK.

    Parameters
    ----------
    path : str or Path
        Folder with ``wav48_silence_trimmed/<speaker>/<speaker>_<number>_mic<m>.flac``.

    Returns
    -------
    DataFrame
        Bona fide only, all in train; text is the number of the utterance, which most speakers do
        not share.
    """
    return collect([part for part in [rows(path)] if len(part)], path, "vctk")


def rows(path):
    """Return the clips of the first microphone, without durations."""
    folder = locate(path, FOLDER)
    found = {key: file for key, file in below(folder).items() if not key.endswith("_mic2")}
    return clips_of(
        found,
        "bonafide",
        speaker=lambda key: key.split("/")[0],
        text=lambda key: "_".join(key.rsplit("/", 1)[-1].split("_")[1:2]),
    )


DATA = DataSet(
    read,
    "VCTK 0.92",
    "https://datashare.ed.ac.uk/handle/10283/3443",
    licence="CC BY 4.0",
    shortcut="one hemi-anechoic room, silence trimmed",
)
