"""LlamaPartialSpoof: partial fakes by text-to-speech, for evaluation.

Source: H. Luong et al., *LlamaPartialSpoof: an LLM-driven fake speech dataset simulating
disinformation generation*, ICASSP 2025.
"""

import pandas as pd

from audio.datasets.base import DataSet, below, collect, locate
from audio.segments import parse
from experiment.errors import DataError

SETS = ("R01TTS.0.a", "R01TTS.0.b")


def read(path):
    """Return the manifest of LlamaPartialSpoof.

    Parameters
    ----------
    path : str or Path
        Folder with ``R01TTS.0.a``, ``R01TTS.0.b`` and ``label_<set>.txt`` beside them.

    Returns
    -------
    DataFrame
        All in test, with segments; a line is ``utt seconds label 0.0-1.0-bonafide 1.0-2.0-spoof``.
    """
    files = [(name, locate(path, f"label_{name}.txt")) for name in SETS]
    parts = [_part(file, name) for name, file in files if file is not None]
    return collect(parts, path, "llamapartialspoof")


def _part(file, name):
    there = {found.stem: found for found in below(file.parent / name).values()}
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        if len(words) < 4 or words[2] not in ("bonafide", "spoof"):
            raise DataError(f"{file}, line {number}: expected 'utt seconds label parts'")
        segments = "/".join(words[3:])
        parse(segments)
        label = words[2]
        rows.append(
            {
                "name": words[0],
                "path": str(there.get(words[0], file.parent / name / f"{words[0]}.wav")),
                "label": label,
                "attack": "" if label == "bonafide" else name,
                "speaker": "",
                "split": "test",
                "segments": segments,
            }
        )
    return pd.DataFrame(rows)


DATA = DataSet(
    read,
    "LlamaPartialSpoof",
    "https://github.com/hieuthi/LlamaPartialSpoof",
    licence="not verified here: see its page",
    shortcut="evaluation only; real speech is LibriTTS",
)
