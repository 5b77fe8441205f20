"""Matched fakes of a whole data set: its real speech, copied by vocoders, with a manifest."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from audio.manifest import save
from audio.recording import examine
from experiment.errors import DataError, UsageError
from experiment.files import digest, write_text
from experiment.parallel import each
from experiment.progress import say
from experiment.run import Run
from experiment.seeds import rng
from experiment.threads import on_threads
from gan.copying import attack, open_vocoder, write_copies

CHUNK = 16  # recordings given to a process at a time
LONGEST = 150  # characters of a file name


@dataclass(frozen=True)
class Plan:
    """What is copied by what.

    Attributes
    ----------
    vocoders : tuple of str
        See `gan.copying.open_vocoder`.
    per_clip : int, optional
        How many of them copy each recording, drawn by its name; all by default.
    originals : bool
        Write the originals too, band-limited as their copies are.
    seed : int
        Of the draw.
    """

    vocoders: tuple[str, ...] = ("vocos",)
    per_clip: int | None = None
    originals: bool = True
    seed: int = 0

    def __post_init__(self):
        names = [attack(name) for name in self.vocoders]
        if not names:
            raise UsageError("no vocoder given; name at least one")
        if len(set(names)) < len(names):
            raise UsageError(f"vocoders: {', '.join(names)}; give folders of different names")
        if self.per_clip is not None and not 1 <= self.per_clip <= len(names):
            raise UsageError(
                f"per_clip is {self.per_clip}; give 1 to {len(names)}, as many as named"
            )

    def of(self, name):
        """Return the vocoders of a clip, tuple of str."""
        order = rng(self.seed, "vocoder", name).permutation(len(self.vocoders))
        return tuple(self.vocoders[k] for k in sorted(order[: self.per_clip]))

    def describe(self):
        """Return all that the copies depend on, dict."""
        digests = {name: open_vocoder(name).digest for name in self.vocoders}
        return {
            "per_clip": self.per_clip,
            "originals": self.originals,
            "seed": self.seed,
            **digests,
        }


def vocode(
    frame: pd.DataFrame,
    plan: Plan,
    out: str | Path,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    resume: bool = False,
    force: bool = False,
) -> pd.DataFrame:
    """Copy the real speech of a manifest.

    Parameters
    ----------
    frame : DataFrame
        A manifest; its fakes are left out.
    plan : Plan
        What copies what.
    out : str or Path
        Run folder: ``original/``, a folder for each vocoder, ``manifest.parquet``, ``rejects.csv``.
    workers : int
        Processes; one uses all cores already, but WORLD.
    scheduler : str, optional
        Address of a dask scheduler whose workers see the files.
    resume, force : bool
        Go on with what is in the folder, or throw it away.

    Returns
    -------
    DataFrame
        The manifest: originals (where they are written) and copies, whose ``copy_of`` is the name
        of their original. Speaker, text, source, split and what else the manifest had are kept.

    Raises
    ------
    DataError
        If there is no real speech, or none of it could be copied.
    """
    real = frame[frame["label"] == "bonafide"]
    if real.empty:
        raise DataError(f"{len(frame)} clips and none of them bona fide: nothing to copy")
    if len(real) < len(frame):
        say(f"{len(frame) - len(real)} fakes left out: real speech is copied")
    out = Path(out).resolve()
    asked = {**plan.describe(), "clips": digest(list(real["name"]), list(real["path"]))}
    with Run.open(out, asked, resume=resume, force=force) as run:
        band = min(open_vocoder(name).rate for name in plan.vocoders)
        records = real.to_dict("records")
        for folder in ("original", *map(attack, plan.vocoders)):
            run.path(folder)  # is the run's own, which --force may empty
        chunks = [records[start : start + CHUNK] for start in range(0, len(records), CHUNK)]
        tasks = [(plan, out, band, resume, chunk) for chunk in chunks]
        rows, rejects = [], []
        options = {"workers": workers, "scheduler": scheduler}
        for made, refused in each(copy_chunk, tasks, title="copying", **options):
            rows += made
            rejects += refused
        listed = pd.DataFrame(rejects, columns=["path", "reason"])
        write_text(run.path("rejects.csv"), listed.to_csv(index=False))
        found = _manifest(rows, listed, len(real))
        save(found, run.path("manifest.parquet"))
        run.finish()
    found.attrs["rejects"] = listed
    return found


def _manifest(rows, rejects, total):
    first = f"; first: {rejects['reason'].iloc[0]}" if len(rejects) else ""
    if not rows:
        raise DataError(f"none of {total} recordings could be copied{first}")
    if len(rejects):
        say(f"{len(rejects)} of {total} recordings left out{first}")
    return pd.DataFrame(rows)


def copy_chunk(task):
    """Copy some recordings in the process that this is called in.

    Parameters
    ----------
    task : tuple of Plan, Path, int, bool, list of dict
        The plan, the folder, the band in Hz, whether files that are there are kept, and the rows of
        the originals.

    Returns
    -------
    rows : list of dict
        Of the manifest.
    rejects : list of dict
        Path and reason.
    """
    *settings, records = task
    rows, rejects = [], []
    for made, refused in on_threads(lambda row: _copy_one(*settings, row), records):
        rows += made
        rejects += refused
    return rows, rejects


def _copy_one(plan, out, band, resume, row):
    try:
        recording = examine(row["path"])
        names = plan.of(row["name"])
        files = {name: _file(out, attack(name), row["name"], recording) for name in names}
        original = _file(out, "original", row["name"], recording) if plan.originals else None
        there = all(path.exists() for path in (*files.values(), original) if path)
        if not (resume and there):
            vocoders = [open_vocoder(name) for name in names]
            write_copies(recording, vocoders, files.values(), original, band)
    except DataError as error:
        return [], [{"path": row["path"], "reason": str(error).removeprefix(f"{row['path']}: ")}]
    about = {"copy_of": "", "model": "", "duration": recording.seconds, "rate": recording.rate}
    rows = [{**row, **about, "path": str(original)}] if original else []
    return rows + [_copy_row(row, about, name, path) for name, path in files.items()], []


def _copy_row(row, about, name, path):
    return {
        **row,
        **about,
        "name": f"{row['name']}-{attack(name)}",
        "path": str(path),
        "label": "spoof",
        "attack": attack(name),
        "copy_of": row["name"],
        "model": open_vocoder(name).digest,
    }


def _file(out, folder, name, recording):
    plain = quote(name, safe=" ()+,;=@", errors="replace")
    if len(plain) > LONGEST:
        plain = f"{plain[:LONGEST]}-{digest(name)}"
    return out / folder / f"{plain}{recording.suffix}"
