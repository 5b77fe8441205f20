"""Your own recordings as a manifest, by where they lie.

::

    recordings/real/<speaker>/a.wav            real speech; the speaker's folder may be left out
    recordings/fake/<attack>/<speaker>/b.wav   fakes, by what made them
    recordings/train/real/...                  splits of your own: train, dev and test, all three
    recordings/a.wav                           no real/ and no fake/: everything is real

Without splits of your own the clips are dealt to train, dev and test so that no speaker is in two
of them; where the speaker is not known, clips are dealt one by one.
"""

from pathlib import Path

from audio.listing import audio_files
from audio.manifest import SPLITS, scan, validate
from audio.splitting import deal
from experiment.errors import DataError
from experiment.progress import say

CLASSES = {
    "bonafide": ("real", "bonafide", "bona-fide", "bona_fide", "genuine", "human"),
    "spoof": ("fake", "spoof", "synthetic", "generated"),
}
SPLIT_NAMES = {
    "train": ("train", "training"),
    "dev": ("dev", "val", "valid", "validation"),
    "test": ("test", "testing", "eval"),
}


def folder(path: str | Path, seed: int = 0):
    """Return the manifest of a folder.

    Parameters
    ----------
    path : str or Path
        Laid out as above.
    seed : int
        Of the deal to splits.

    Returns
    -------
    DataFrame
        A manifest; what could not be read is in ``frame.attrs["rejects"]``, columns ``path`` and
        ``reason``.

    Raises
    ------
    DataError
        If there is no readable audio, or the folder has some but not all of the three splits.
    """
    import pandas as pd

    path = Path(path).expanduser()
    splits = _named(path, SPLIT_NAMES)
    if splits and len(splits) < len(SPLITS):
        missing = sorted(set(SPLITS) - set(splits))
        raise DataError(f"{path}: has the split {', '.join(splits)} but no {', '.join(missing)}")
    if splits:
        parts = [part for name, below in splits.items() for part in _read(below, name)]
    else:
        parts = _read(path, "train")
    frame = pd.concat([found for found, _ in parts], ignore_index=True)
    rejects = pd.concat([refused for _, refused in parts], ignore_index=True)
    if len(rejects):
        say(f"{path}: {len(rejects)} files left out; first: {rejects['reason'].iloc[0]}")
    if not splits:
        frame["split"] = deal(frame, seed)
    frame.attrs["rejects"] = rejects
    return validate(frame)


def _named(path, names):
    """Return ``{name: folder}`` of the folders in `path` that have one of the names."""
    if not path.is_dir():
        raise DataError(f"{path}: no such folder")
    known = {alias: name for name, aliases in names.items() for alias in aliases}
    below = sorted(p for p in path.iterdir() if p.is_dir() and p.name.lower() in known)
    return {known[p.name.lower()]: p for p in below}


def _read(path, split):
    """Return ``(frame, rejects)`` of each class and attack below a folder."""
    classes = _named(path, CLASSES)
    if not classes:
        return [_scan(path, "bonafide", "", split)]
    parts = []
    for label, below in classes.items():
        attacks = sorted(p for p in below.iterdir() if p.is_dir()) if label == "spoof" else []
        loose = [p for p in audio_files(below) if p.parent == below]
        parts += [_scan(attack, label, attack.name, split) for attack in attacks]
        if loose or not attacks:
            parts.append(_scan(below, label, "unknown" if label == "spoof" else "", split, attacks))
    return parts


def _scan(path, label, attack, split, without=()):
    frame, rejects = scan(path, label=label, attack=attack, split=split)
    base = path.resolve()
    inside = frame["path"].map(lambda name: Path(name).relative_to(base).parts)
    frame["speaker"] = [parts[0] if len(parts) > 1 else "" for parts in inside]
    kept = ~frame["speaker"].isin([p.name for p in without])
    return frame[kept], rejects
