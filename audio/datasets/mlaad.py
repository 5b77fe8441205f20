"""MLAAD: fakes of some 100 text-to-speech systems in dozens of languages, with M-AILABS as real.

Source: N. Mueller et al., *MLAAD: the multi-language audio anti-spoofing dataset*, 2024.
"""

import csv

import pandas as pd

from audio.datasets.base import DataSet, collect, locate, require_columns, table
from audio.datasets.m_ailabs import read as read_real
from audio.manifest import filled
from audio.splitting import deal
from experiment.errors import DataError


def read(path, seed=0):
    """Return the manifest of MLAAD and, where ``real/`` lies beside ``fake/``, of M-AILABS.

    Parameters
    ----------
    path : str or Path
        Folder with ``fake/<language>/<system>/meta.csv``.
    seed : int
        Of the deal to splits by speaker, which the data set does not have.

    Returns
    -------
    DataFrame
        The attack is the system, the speaker that of the original utterance. Further columns
        language, architecture, original.

    Raises
    ------
    DataError
        If there is no meta.csv, or one lacks a column.
    """
    first = locate(path, "fake/*/*/meta.csv")
    if first is None:
        raise DataError(f"{path}: no fake/<language>/<system>/meta.csv; unpack MLAAD there")
    root = first.parents[3]
    parts = [_system(file, root) for file in sorted(root.glob("fake/*/*/meta.csv"))]
    if locate(root, "real/*_*/by_book"):
        real = read_real(root / "real")
        real.attrs = {}
        parts.append(real.drop(columns=["duration", "rate", "source"]))
    frame = collect([filled(pd.concat(parts, ignore_index=True))], path, "mlaad")
    return frame.assign(split=deal(frame, seed))


def _system(file, root):
    """Return the clips of one system; quotes in its table are part of the text."""
    rows = table(file, sep="|", quoting=csv.QUOTE_NONE)
    require_columns(rows, file, "path", "original_file", "language")
    paths = rows["path"].str.removeprefix("./")
    return pd.DataFrame(
        {
            "name": paths.str.removesuffix(".wav"),
            "path": [str(root / name) for name in paths],
            "label": "spoof",
            "attack": file.parent.name,
            "speaker": [_speaker(name) for name in rows["original_file"]],
            "split": "train",
            "text": "",
            "language": rows["language"],
            "architecture": rows.get("architecture", ""),
            "original": rows["original_file"],
        }
    )


def _speaker(original):
    """Return the speaker of ``<locale>/by_book/<gender>/<speaker>/...``."""
    folders = original.split("/")
    return folders[3] if len(folders) > 4 else ""


DATA = DataSet(
    read,
    "MLAAD",
    "https://deepfake-total.com/mlaad",
    licence="CC BY-NC 4.0",
    shortcut="fakes at the rates of their systems, real speech at 16 kHz",
)
