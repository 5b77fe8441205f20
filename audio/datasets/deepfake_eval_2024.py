"""Deepfake-Eval-2024, audio: what people sent to a fact-checking service in 2024.

Source: N. Chandra et al., *Deepfake-Eval-2024*, 2025. Published figures follow different protocols
(the first 4 s; segments of 4 to 50 s) and cannot be compared: the column protocol says ``whole``.
"""

import pandas as pd

from audio.datasets.base import DataSet, collect, locate, require_columns, table
from experiment.errors import DataError
from experiment.progress import say

LABELS = {"Real": "bonafide", "Fake": "spoof"}


def read(path):
    """Return the manifest of the audio part.

    Parameters
    ----------
    path : str or Path
        Folder with ``audio-metadata-publish.csv`` and ``audio-data/``.

    Returns
    -------
    DataFrame
        Whole recordings, those of the finetuning set in train, the others in test; recordings
        whose truth is unknown are left out, and counted. Files are matched by stem, since some bear
        another suffix than the table says (the .dat are MP4).

    Raises
    ------
    DataError
        If the table is missing or lacks a column.
    """
    file = locate(path, "audio-metadata-publish.csv")
    if file is None:
        raise DataError(f"{path}: no audio-metadata-publish.csv; unpack the audio part there")
    rows = table(file)
    require_columns(rows, file, "Filename", "Ground Truth", "Finetuning Set")
    unknown = ~rows["Ground Truth"].isin(LABELS)
    if unknown.any():
        say(f"{file}: {unknown.sum()} recordings of unknown truth are left out")
    rows = rows[~unknown]
    folder = file.parent / "audio-data"
    there = {found.stem: found for found in sorted(folder.glob("*")) if found.is_file()}
    stems = rows["Filename"].str.rsplit(".", n=1).str[0]
    label = rows["Ground Truth"].map(LABELS)
    tuned = rows["Finetuning Set"].str.lower().isin(("true", "yes", "1"))
    frame = pd.DataFrame(
        {
            "name": stems,
            "path": [
                str(there.get(s, folder / n)) for s, n in zip(stems, rows["Filename"], strict=True)
            ],
            "label": label,
            "attack": label.map({"bonafide": "", "spoof": "unknown"}),
            "speaker": "",
            "split": tuned.map({True: "train", False: "test"}),
            "protocol": "whole",
        }
    )
    return collect([frame], path, "deepfake_eval_2024")


DATA = DataSet(
    read,
    "Deepfake-Eval-2024, audio",
    "https://huggingface.co/datasets/nuriachandra/Deepfake-Eval-2024",
    licence="CC BY-SA 4.0",
    shortcut="platform and codec differ between the classes; lengths from seconds to hours",
)
