"""The parquet form of the anti-spoofing arena: 24 test sets in one layout.

Source: the data cards of the arena's sets; columns ``path, audio, label, notes``, where notes is
JSON with utterance, speaker and attack.
"""

import json
from pathlib import Path

import pandas as pd

from audio.datasets.base import DataSet, collect
from audio.manifest import filled
from audio.protocols import CLASSES
from experiment.errors import DataError
from experiment.files import atomic, cache_folder, digest, reason

BATCH = 64  # rows in memory


def read(path):
    """Return the manifest of parquet files; the sound in them is unpacked into the cache.

    Parameters
    ----------
    path : str or Path
        A .parquet file, or a folder of them.

    Returns
    -------
    DataFrame
        All in test. Further columns of the notes keep their names.

    Raises
    ------
    DataError
        If there are no parquet files, or they lack a column.
    """
    files = sorted(Path(path).rglob("*.parquet")) if Path(path).is_dir() else [Path(path)]
    if not files or not all(file.is_file() for file in files):
        raise DataError(f"{path}: no parquet files; name the folder that holds them")
    rows = [row for file in files for row in _rows(file)]
    frame = pd.DataFrame(rows)
    for name in ("attack", "speaker"):
        frame[name] = frame[name].fillna("") if name in frame else ""
    spoof = frame["label"] == "spoof"
    frame["attack"] = frame["attack"].where(frame["attack"] != "", "unknown").where(spoof, "")
    return collect([filled(frame.assign(split="test"))], path, "arena")


def _rows(file):
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(file)
        missing = {"path", "audio", "label"} - set(table.schema_arrow.names)
        if missing:
            raise DataError(f"{file}: no column {', '.join(sorted(missing))}")
        for batch in table.iter_batches(BATCH):
            yield from (_row(file, row) for row in batch.to_pylist())
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(f"{file}: damaged ({reason(error)}); copy it again") from None


def _row(file, row):
    label = CLASSES.get(str(row["label"]).lower())
    if label is None:
        raise DataError(f"{file}: unknown label {row['label']!r}; known are {', '.join(CLASSES)}")
    name = str(row["path"])
    sound = row["audio"] or {}
    content = sound.get("bytes") if isinstance(sound, dict) else None
    path = _unpacked(content, name) if content else file.parent / (sound.get("path") or name)
    return {**_notes(row.get("notes")), "name": name, "path": str(path), "label": label}


def _notes(text):
    """Return what the notes tell, speaker and attack among it; nothing where they are no JSON."""
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _unpacked(content, name):
    path = cache_folder("arena") / f"{digest(content)}{Path(name).suffix or '.wav'}"
    if not path.exists():
        with atomic(path) as temporary:
            temporary.write_bytes(content)
    return path


DATA = DataSet(
    read,
    "Anti-spoofing arena, parquet form",
    "https://huggingface.co/spaces/Speech-Arena-2025/Speech-DF-Arena",
    licence="that of each set",
)
