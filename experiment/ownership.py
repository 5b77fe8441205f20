"""Which files of a folder are a run's own: only these are ever removed, and only from a run.

A run is a folder with the ``config.json`` and ``environment.json`` that `experiment.run.Run` wrote.
Its own are the entries listed in `OURS`, and those that its code asked a path for, which are kept
in ``.made``; inside a folder of its own, the files of a type that the toolkit writes (`TYPES`).
"""

import re
from pathlib import Path

from experiment.errors import DataError, UsageError
from experiment.files import read_json, unwritable
from experiment.progress import say

MADE = ".made"
OURS = (
    "config.json",
    "environment.json",
    "log.jsonl",
    "metrics.csv",
    "stages",
    "DONE",
    "manifest.parquet",
    "corpus.parquet",
    "rejects.csv",
    "checks.csv",
    "checkpoint.npz",
    "previews",
    "tensorboard",
    "generator",
    "fakes",
    "detectors",
    "scores",
    "scores.tsv",
    "explanations",
    "figures",
    "report.html",
)
TYPES = (
    *(".json", ".jsonl", ".csv", ".tsv", ".parquet", ".npz", ".npy", ".html", ".md", ".txt"),
    *(".keras", ".tflite", ".onnx", ".safetensors", ".png", ".svg", ".wav", ".flac"),
    *(".mp3", ".ogg", ".opus", ".aiff", ".aif", ".au", ".lock", ".made"),
)
INCIDENTAL = (".lock", MADE, ".DS_Store", "Thumbs.db", "desktop.ini")
HALF = re.compile(r"\.(config|environment)-\w+\.json|environment\.json")  # killed at the start
SHOWN = 3


def is_run(folder):
    """Whether `folder` holds a run: both records that every run begins with, as we write them."""
    try:
        config = read_json(Path(folder, "config.json"))
        machine = read_json(Path(folder, "environment.json"))
    except DataError:
        return False
    known = isinstance(config, dict) and isinstance(machine, dict)
    return known and {"python", "packages", "started"} <= machine.keys()


def require_free(folder: Path) -> None:
    """Refuse a folder that a run must not be written into.

    Parameters
    ----------
    folder : Path
        Of the run; it need not exist.

    Raises
    ------
    UsageError
        If it is a file, the home, the root or the working folder or one above them, or holds
        files but no run.
    """
    with unwritable(folder):
        place = folder.resolve()
        if place.exists() and not place.is_dir():
            raise UsageError(f"{folder} is a file; choose a folder for the run")
        if any(other.is_relative_to(place) for other in (Path.home().resolve(), Path.cwd())):
            raise UsageError(f"{folder} is no place for a run; choose a folder of its own")
        found = sorted(entry.name for entry in place.iterdir()) if place.exists() else []
    foreign = [name for name in found if name not in INCIDENTAL and not HALF.fullmatch(name)]
    if foreign and not is_run(place):
        raise UsageError(
            f"{folder} is not empty and holds no run ({_some(foreign)}): "
            "nothing in it was touched; choose another folder"
        )


def record(folder, name) -> None:
    """Note that the entry `name` of a run's folder is the run's own."""
    if name not in (*OURS, *_recorded(folder)):
        path = folder / MADE
        with unwritable(path), open(path, "a", encoding="utf-8") as file:
            file.write(f"{name}\n")


def _recorded(folder):
    path = folder / MADE
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def empty(folder: Path) -> None:
    """Remove a run's own files, and say what was left because it is not.

    Parameters
    ----------
    folder : Path
        Of a run; one that holds no run is left as it is.
    """
    if not is_run(folder):
        return
    own = {*OURS, *_recorded(folder), MADE}
    with unwritable(folder):
        for entry in folder.iterdir():
            if entry.name in own:
                _remove(entry)
    left = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    left = [name for name in left if name not in INCIDENTAL]
    if left:
        say(f"{folder}: left what no run wrote: {_some(left)}")


def _remove(entry):
    """Remove a file, or what is ours in a folder, and the folder where nothing else is left."""
    if entry.is_symlink() or not entry.is_dir():
        entry.unlink()
        return
    for inner in entry.iterdir():
        folder = inner.is_dir() and not inner.is_symlink()
        if folder or _written(inner):
            _remove(inner)
    if not any(entry.iterdir()):
        entry.rmdir()


def _written(path):
    named = path.name in (*OURS, *INCIDENTAL) or ".tfevents." in path.name
    return named or path.suffix.lower() in TYPES


def _some(names):
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
