"""Sets of real speech to copy from: LibriSpeech, LibriTTS, LJSpeech, VoxCeleb, spoken digits."""

import csv
from functools import partial

from audio.datasets.base import DataSet, below, clips_of, collect, locate, table
from experiment.errors import DataError

LIBRI = {"train": "train", "dev": "dev", "test": "test"}


def libri(path, source):
    """Return the manifest of LibriSpeech or LibriTTS.

    Parameters
    ----------
    path : str or Path
        Folder with subsets such as ``train-clean-100``; in each ``<speaker>/<chapter>/<clip>``.
    source : str
        Key of the data set.

    Returns
    -------
    DataFrame
        Bona fide only; splits by the name of the subset, which is a further column.
    """
    first = locate(path, "train-*", "dev-*", "test-*")
    parts = []
    for folder in sorted(first.parent.iterdir()) if first else []:
        kind = folder.name.split("-")[0]
        if folder.is_dir() and kind in LIBRI:
            rows = clips_of(
                below(folder), "bonafide", speaker=lambda key: key.split("/")[0], split=LIBRI[kind],
                prefix=f"{folder.name}/",
            )  # fmt: skip
            parts.append(rows.assign(subset=folder.name))
    return collect(parts, path, source)


def ljspeech(path):
    """Return the manifest of LJSpeech.

    Parameters
    ----------
    path : str or Path
        Folder with ``wavs/`` and ``metadata.csv`` (parted by ``|``, quotes are text).

    Returns
    -------
    DataFrame
        Bona fide only, all in train, with the text; one speaker.

    Raises
    ------
    DataError
        If there is no metadata.csv.
    """
    file = locate(path, "metadata.csv")
    if file is None:
        raise DataError(f"{path}: no metadata.csv; name the folder LJSpeech-1.1")
    told = table(file, sep="|", header=None, quoting=csv.QUOTE_NONE)
    texts = dict(zip(told[0], told[1], strict=True))
    found = below(file.parent / "wavs")
    rows = clips_of(found, "bonafide", speaker="LJ", text=lambda key: texts.get(key, ""))
    return collect([rows] if found else [], path, "ljspeech")


def voxceleb(path):
    """Return the manifest of VoxCeleb 1 or 2.

    Parameters
    ----------
    path : str or Path
        Folder with ``wav/<speaker>/<video>/<clip>.wav`` or ``aac/.../<clip>.m4a``.

    Returns
    -------
    DataFrame
        Bona fide only, all in train; further column video.
    """
    folder = locate(path, "wav/id*", "aac/id*")
    found = below(folder.parent) if folder else {}
    rows = clips_of(found, "bonafide", speaker=lambda key: key.split("/")[0])
    rows = rows.assign(video=[key.split("/")[1] if "/" in key else "" for key in found])
    return collect([rows] if found else [], path, "voxceleb")


def digits(path, source, pattern):
    """Return the manifest of a set of spoken digits.

    Parameters
    ----------
    path : str or Path
        Folder with clips ``{digit}_{speaker}_{n}.wav``.
    source : str
        Key of the data set.
    pattern : str
        Of the folder that holds them.

    Returns
    -------
    DataFrame
        Bona fide only, all in train; the digit is the text and the further column word.
    """
    folder = locate(path, pattern)
    found = below(folder.parent if source == "audiomnist" and folder else folder)
    rows = clips_of(
        found,
        "bonafide",
        speaker=lambda key: key.rsplit("/", 1)[-1].split("_")[1],
        text=lambda key: key.rsplit("/", 1)[-1].split("_")[0],
    )
    return collect([rows.assign(word=rows["text"])] if found else [], path, source)


LIBRISPEECH = DataSet(
    partial(libri, source="librispeech"), "LibriSpeech", "https://www.openslr.org/12/",
    licence="CC BY 4.0", shortcut="audio books, MP3 once: nothing above the coder's band edge",
)  # fmt: skip
LIBRITTS = DataSet(
    partial(libri, source="libritts"), "LibriTTS", "https://www.openslr.org/60/",
    licence="CC BY 4.0", shortcut="audio books, MP3 once",
)  # fmt: skip
LJSPEECH = DataSet(
    ljspeech, "LJSpeech 1.1", "https://keithito.com/LJ-Speech-Dataset/", {("", "bonafide"): 13100},
    licence="public domain", shortcut="one voice, one room",
)  # fmt: skip
VOXCELEB = DataSet(
    voxceleb, "VoxCeleb 1 and 2", "https://www.robots.ox.ac.uk/~vgg/data/voxceleb/",
    licence="CC BY 4.0 (metadata); videos of their owners", shortcut="codecs of video platforms",
)  # fmt: skip
FSDD = DataSet(
    partial(digits, source="fsdd", pattern="recordings"), "Free Spoken Digit Dataset",
    "https://github.com/Jakobovski/free-spoken-digit-dataset", licence="CC BY-SA 4.0",
    shortcut="8 kHz",
)  # fmt: skip
AUDIOMNIST = DataSet(
    partial(digits, source="audiomnist", pattern="data/01"), "AudioMNIST",
    "https://github.com/soerenab/AudioMNIST", {("", "bonafide"): 30000}, licence="MIT",
    shortcut="one room, 48 kHz",
)  # fmt: skip
