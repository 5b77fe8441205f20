"""The table that says what each clip is: one row per clip, one schema, checked where it enters."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from audio.clip import RATE, Clip, read_clip
from audio.columns import printable, read_table, require_text
from audio.listing import audio_files
from experiment.errors import DataError
from experiment.files import atomic
from experiment.seeds import rng

LABELS = ("bonafide", "spoof")
SPLITS = ("train", "dev", "test")
COLUMNS = (
    "name",
    "path",
    "label",
    "attack",
    "speaker",
    "text",
    "source",
    "split",
    "duration",
    "rate",
)


def validate(frame: pd.DataFrame, files: bool = False) -> pd.DataFrame:
    """Return `frame` if it keeps the schema; otherwise list all its faults at once.

    Parameters
    ----------
    frame : DataFrame
        A manifest; columns beyond `COLUMNS` are free.
    files : bool
        Also look whether each file exists.

    Returns
    -------
    DataFrame
        The same.

    Raises
    ------
    DataError
        With every fault found: columns, labels, splits, attacks, duplicates, durations, rates,
        files.
    """
    missing = [name for name in COLUMNS if name not in frame]
    if missing:
        raise DataError(f"manifest: missing columns {', '.join(missing)}")
    faults = [*_row_faults(frame), *(_file_faults(frame) if files else [])]
    if faults:
        raise DataError(f"manifest, {len(faults)} faults: " + "; ".join(faults))
    return frame


def _row_faults(frame):
    yield from _not_in(frame, "label", LABELS)
    yield from _not_in(frame, "split", SPLITS)
    for name in ("path", "name"):
        twice = frame.loc[frame[name].duplicated(), name]
        if len(twice):
            yield f"{name}: {len(twice)} duplicates, first {twice.iloc[0]!r}"
    named = frame["attack"].astype(str) != ""
    spoof = frame["label"] == "spoof"
    if (spoof & ~named).any():
        yield f"attack: empty in {(spoof & ~named).sum()} spoof rows"
    if (~spoof & named).any():
        yield f"attack: given in {(~spoof & named).sum()} bona fide rows"
    for name in ("duration", "rate"):
        values = pd.to_numeric(frame[name], errors="coerce")
        bad = ~((values > 0) & (values < np.inf))
        if bad.any():
            yield f"{name}: not positive in {bad.sum()} rows, first row {bad.idxmax()}"


def _not_in(frame, name, allowed):
    bad = frame.loc[~frame[name].isin(allowed), name]
    if len(bad):
        yield f"{name}: {bad.iloc[0]!r} in {len(bad)} rows; one of {', '.join(allowed)}"


def _file_faults(frame):
    gone = [path for path in frame["path"] if not Path(path).exists()]
    return [f"path: {len(gone)} files missing, first {gone[0]}"] if gone else []


def overlaps(
    frame: pd.DataFrame, columns: Sequence[str] = ("speaker", "text", "name")
) -> dict[str, list[str]]:
    """Return what two splits share: speaker, text and audio must be disjoint.

    Parameters
    ----------
    frame : DataFrame
        A manifest; an empty text or speaker is unknown and shares nothing.
    columns : sequence of str
        Which columns.

    Returns
    -------
    dict of str to list of str
        The shared values of each column that has some.
    """
    shared = {}
    for name in columns:
        known = frame[frame[name].astype(str) != ""]
        counts = known.groupby(name)["split"].nunique()
        if (counts > 1).any():
            shared[name] = counts.index[counts > 1].tolist()
    return shared


def require_disjoint(
    frame: pd.DataFrame, columns: Sequence[str] = ("speaker", "text", "name")
) -> None:
    """Raise where train, dev and test share a speaker, a text or a clip.

    Parameters
    ----------
    frame : DataFrame
        A manifest.
    columns : sequence of str
        Which columns.

    Raises
    ------
    DataError
        Naming the shared values and the splits that share them.
    """
    shared = overlaps(frame, columns)
    if not shared:
        return
    parts = []
    for name, values in shared.items():
        splits = "+".join(sorted(frame.loc[frame[name] == values[0], "split"].unique()))
        parts.append(f"{len(values)} of {name}, first {values[0]!r} in {splits}")
    raise DataError(f"splits overlap: {'; '.join(parts)}; assign each to one split")


def load(path: str | Path) -> pd.DataFrame:
    """Read a manifest.

    Parameters
    ----------
    path : str or Path
        A .parquet or .csv file, or a folder with a ``manifest.parquet`` or ``manifest.csv``.

    Returns
    -------
    DataFrame
        Validated, with absolute paths. What names something is text: 007 stays 007.

    Raises
    ------
    DataError
        If there is none, it is damaged, or it breaks the schema.
    """
    file = _find(Path(path))
    frame = _current(read_table(file))
    if "path" in frame:
        frame["path"] = [_absolute(file, row, name) for row, name in enumerate(frame["path"])]
    return validate(frame)


def _absolute(file, row, name):
    try:
        if name:
            return str((file.parent / name).resolve())
    except (ValueError, OSError, RuntimeError):
        pass
    raise DataError(f"{file}: path of row {row} is {name!r}, which names no file")


def _current(frame):
    """Return a manifest with its columns as they are called today; `name` was once ``clip``."""
    return frame if "name" in frame else frame.rename(columns={"clip": "name"})


def _find(path):
    candidates = [path / "manifest.parquet", path / "manifest.csv"] if path.is_dir() else [path]
    for file in candidates:
        if file.is_file() and file.suffix in (".parquet", ".csv"):
            return file
    raise DataError(f"{path}: no manifest; expected a .parquet or .csv file, or a folder with one")


def is_manifest(path):
    """Whether `path` is a manifest file or a folder that holds one."""
    try:
        return bool(_find(Path(path)))
    except DataError:
        return False


def save(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a manifest as .parquet or .csv, atomically, with paths relative to it.

    Parameters
    ----------
    frame : DataFrame
        Validated on the way.
    path : str or Path
        The file.
    """
    path = Path(path)
    require_text(frame["path"])
    frame = validate(frame).copy()
    root = path.parent.resolve()
    frame["path"] = [_relative(Path(name).resolve(), root) for name in frame["path"]]
    with atomic(path) as temporary:
        if path.suffix == ".parquet":
            frame.to_parquet(temporary, index=False)
        else:
            frame.to_csv(temporary, index=False)


def _relative(path, root):
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def row(clip, path: str | Path, **values) -> dict:
    """Return the manifest row of a clip.

    Parameters
    ----------
    clip : Clip
        Gives name, duration and rate.
    path : str or Path
        Where it lies.
    **values
        Other columns; ``attack``, ``speaker`` and ``text`` are empty by default.

    Returns
    -------
    dict
        One value a column.
    """
    known = {"attack": "", "speaker": "", "text": "", "source": "", "split": "train"}
    measured = {"name": clip.name, "path": str(path), "duration": clip.seconds, "rate": clip.rate}
    return {**measured, **known, **values}


def scan(
    folder: str | Path,
    label: str = "bonafide",
    attack: str = "",
    split: str = "train",
    strict: bool = False,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read every sound file below a folder.

    Parameters
    ----------
    folder : str or Path
        With sound files at any depth.
    label, attack, split : str
        What to write in these columns.
    strict : bool
        Reject truncated files.

    Returns
    -------
    frame : DataFrame
        The manifest of the readable files; the same audio under a second name is rejected.
    rejects : DataFrame
        Columns ``path`` and ``reason``.

    Raises
    ------
    DataError
        If nothing in the folder can be read.
    """
    rows, rejects = [], []
    seen: dict[str, Path] = {}
    for path in audio_files(folder):
        try:
            require_text([path])
            clip = read_clip(path, strict=strict)
            if clip.digest in seen:
                raise DataError(f"{path}: the same audio as {seen[clip.digest]}")
        except DataError as error:
            rejects.append({"path": printable(path), "reason": str(error)})
            continue
        seen[clip.digest] = path
        values = {"label": label, "attack": attack, "split": split, "source": Path(folder).name}
        rows.append(row(clip, path.resolve(), flags=", ".join(clip.flags), **values))
    if not rows:
        first = f"; first: {rejects[0]['reason']}" if rejects else ""
        raise DataError(f"{folder}: no readable audio among {len(rejects)} sound files{first}")
    return validate(pd.DataFrame(rows)), pd.DataFrame(rejects, columns=["path", "reason"])


def clips(frame: pd.DataFrame, rate: int | None = None) -> Iterator[Clip]:
    """Yield the clips of a manifest in its order.

    Parameters
    ----------
    frame : DataFrame
        A manifest.
    rate : int, optional
        Rate in Hz to resample to; 16 kHz by default.

    Yields
    ------
    Clip
        One per row, under the row's name.
    """
    for path, name in zip(frame["path"], frame["name"], strict=True):
        yield read_clip(path, RATE if rate is None else rate, name=name)


def few(frame: pd.DataFrame, most: int, seed: int = 0) -> pd.DataFrame:
    """Return at most so many clips of each split, class and attack, in the order of the frame.

    Parameters
    ----------
    frame : DataFrame
        A manifest.
    most : int
        Clips at most of each.
    seed : int
        Which.

    Returns
    -------
    DataFrame
        Some rows of it.
    """
    order = rng(seed, "few").permutation(len(frame))
    kept = frame.iloc[order].groupby(["split", "label", "attack"]).head(most)
    return frame.loc[frame.index.isin(kept.index)]


def filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose missing texts are empty; numbers stay as they are."""
    texts = [name for name in frame if name not in ("duration", "rate")]
    return frame.assign(**{name: frame[name].astype(object).fillna("") for name in texts})


def counts(frame):
    """Return clips, minutes and speakers for each split, label and attack."""
    grouped = frame.groupby(["split", "label", "attack"], sort=True)
    return grouped.agg(
        clips=("name", "size"),
        minutes=("duration", lambda seconds: np.round(seconds.sum() / 60, 1)),
        speakers=("speaker", "nunique"),
    ).reset_index()
