"""A manifest presented: its clips as they come out, written beside a manifest of their own."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from audio.clip import read_samples
from audio.decoding import native
from audio.presentation.chain import parse
from audio.presentation.dice import ALL, draw
from audio.presentation.steps import Scene
from audio.presentation.timing import Ends, Trim
from audio.segments import named
from experiment.errors import UsageError
from experiment.files import atomic, digest, read_json, write_json
from experiment.parallel import each
from experiment.seeds import rng

GROUP = 32  # clips that a worker is given at once
PEAK = 0.98
VOICES = 48


@dataclass(frozen=True)
class _Task:
    source: str
    target: str
    rate: int
    text: str
    original: str | None
    voices: tuple[str, ...]


def draws(frame, seed, epoch=0, choices=ALL, *, babble=False):
    """Return kind and presentation of every clip of a manifest, equal for pairs.

    Parameters
    ----------
    frame : DataFrame
        A manifest; ``copy_of`` names originals. Where a clip has ``segments``, no time is cut or
        added anywhere, so that they stay true.
    seed, epoch, choices, babble
        As of `draw`.

    Returns
    -------
    list of (str, Presentation)
        In the order of the frame.
    """
    names = first_names(frame)
    cut = not named(frame)
    found = (draw(name, seed, epoch, choices, babble=babble) for name in names)
    return [(kind, chain if cut else chain.without(Ends, Trim)) for kind, chain in found]


def first_names(frame):
    """Return for each clip of a manifest the name of its original, its own where it has none."""
    if "copy_of" not in frame:
        return frame["name"].tolist()
    copies = frame["copy_of"].fillna("")
    return copies.where(copies != "", frame["name"]).tolist()


def present(
    frame, folder, seed=0, *, epoch=0, choices=ALL, voices=None, resume=False, workers=None,
    scheduler=None,
):  # fmt: skip
    """Write presented copies of a manifest's clips.

    Parameters
    ----------
    frame : DataFrame
        A manifest.
    folder : str or Path
        Where ``clips/`` and ``manifest.parquet`` go.
    seed, epoch, choices
        As of `draw`.
    voices : sequence of str or Path, optional
        Speech for babble; by default up to 48 bona fide clips of the split train. Give what no test
        clip speaks. Without any there is no babble.
    resume : bool
        Go on from what is in `folder`.
    workers, scheduler
        As of experiment.parallel.each.

    Returns
    -------
    DataFrame
        A manifest of 16-bit FLAC files, each at its clip's rate, with ``presentation`` (the chain
        as text, see `parse`) and ``condition`` (the kind that was drawn). A name is the clip's with
        a digest of its presentation, so that clean and presented clips go into one table.

    Raises
    ------
    UsageError
        If `folder` holds presentations, others or without `resume`.
    """
    from audio.manifest import save, validate

    folder = Path(folder)
    voices = _default_voices(frame, seed) if voices is None else tuple(map(str, voices))
    found = draws(frame, seed, epoch, choices, babble=bool(voices))
    kinds, texts = [kind for kind, _ in found], [str(chain) for _, chain in found]
    _claim(folder, digest(frame["name"].tolist(), texts, list(voices)), resume)
    names = [_renamed(name, text) for name, text in zip(frame["name"], texts, strict=True)]
    targets = [str((folder / "clips" / _file(name)).resolve()) for name in names]
    tasks = _tasks(frame, texts, targets, voices)
    groups = [tasks[start : start + GROUP] for start in range(0, len(tasks), GROUP)]
    lengths = each(_group, groups, workers=workers, scheduler=scheduler, title="presentation")
    result = frame.assign(
        name=names, path=targets, presentation=texts, condition=kinds,
        duration=np.concatenate(list(lengths)) / frame["rate"].to_numpy(),
    )  # fmt: skip
    if "copy_of" in frame:
        pairs = zip(frame["copy_of"].fillna(""), texts, strict=True)
        result["copy_of"] = [name and _renamed(name, text) for name, text in pairs]
    save(validate(result), folder / "manifest.parquet")
    return result


def _default_voices(frame, seed):
    real = frame[(frame["label"] == "bonafide") & (frame["split"] == "train")]
    order = rng(seed, "voices").permutation(len(real))[:VOICES]
    return tuple(real["path"].iloc[np.sort(order)])


def _claim(folder, task, resume):
    mark = folder / "presentation.json"
    if mark.exists():
        same = read_json(mark).get("task") == task
        if not (same and resume):
            why = "the same presentations; pass resume" if same else "other presentations"
            raise UsageError(f"{folder} holds {why}, or choose another folder")
    write_json(mark, {"task": task})


def _renamed(name, text):
    return f"{name}~{digest(text)[:8]}"


def _file(name):
    """Return a file name that is safe whatever the clip's name is."""
    plain = "".join(c if c.isalnum() or c in "-_~." else "_" for c in name)[-80:]
    return f"{plain.lstrip('.')}-{digest(name)[:6]}.flac"


def _tasks(frame, texts, targets, voices):
    paths = dict(zip(frame["name"], frame["path"], strict=True))
    rows = zip(frame["path"], targets, frame["rate"], texts, first_names(frame), strict=True)
    return [
        _Task(source, target, int(rate), text, paths.get(first), voices if "babble" in text else ())
        for source, target, rate, text, first in rows
    ]


def _group(tasks):
    """Write some clips; return how many samples each has."""
    return [_written(task) for task in tasks]


def _written(task):
    import soundfile

    if not Path(task.target).exists():
        samples = _presented(task)
        samples = samples * min(1.0, PEAK / max(float(np.abs(samples).max(initial=0)), 1e-12))
        with atomic(task.target) as temporary:
            soundfile.write(native(temporary), samples, task.rate, format="FLAC", subtype="PCM_16")
    return soundfile.info(native(task.target)).frames


def _presented(task):
    chain = parse(task.text)
    samples = read_samples(task.source, task.rate)
    guided = task.original not in (None, task.source) and not chain.keeps_time
    scene = Scene(
        tuple(_voice(path, task.rate) for path in task.voices),
        read_samples(task.original, task.rate) if guided else None,
    )
    return chain.apply(samples, task.rate, scene)


@lru_cache(4 * VOICES)
def _voice(path, rate):
    return read_samples(path, rate)
