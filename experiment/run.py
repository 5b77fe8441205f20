"""The run folder: what was asked, on what machine, what came out, and how far it got.

``config.json``, ``environment.json``, ``log.jsonl``, ``metrics.csv``, ``stages/``, ``DONE``; the
stages of a run add their own files. A second process, a second run under the same name, and a
folder that holds anything else are refused.
"""

import dataclasses
import importlib.metadata
import json
import platform
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from experiment import ownership
from experiment.errors import DataError, UsageError
from experiment.files import read_json, unwritable, write_json, write_text
from experiment.parallel import cores

RECORDED = (
    "fake-audio",
    "tensorflow",
    "keras",
    "numpy",
    "scipy",
    "pandas",
    "librosa",
    "scikit-learn",
    "lime",
    "shap",
    "soundfile",
    "soxr",
)


def versions():
    """Return the installed versions of the packages that numbers depend on."""
    found = {}
    for name in RECORDED:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def environment():
    """Return what the numbers of a run depend on beside its configuration."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": _processor(),
        "cores": cores(),
        "packages": versions(),
        "started": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }


def _processor():
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def plain(config):
    """Return a configuration as a dict: a dataclass, a mapping or None."""
    if config is None:
        return {}
    return dataclasses.asdict(config) if dataclasses.is_dataclass(config) else dict(config)


class Run:
    """A run folder that this process holds.

    Open it with `Run.open`, which locks it.

    Attributes
    ----------
    folder : Path
        The folder.
    """

    def __init__(self, folder) -> None:
        self.folder = Path(folder)

    @classmethod
    @contextmanager
    def open(cls, folder: str | Path, config=None, resume: bool = False, force: bool = False):
        """Yield the locked run in `folder`.

        Parameters
        ----------
        folder : str or Path
            Where the run lives.
        config : dataclass or dict, optional
            What was asked; kept as config.json.
        resume : bool
            Go on with the run that is there.
        force : bool
            Throw away the run that is there: the files that runs write, nothing else.

        Yields
        ------
        Run
            Ready for `once`, `log`, `metrics` and `path`.

        Raises
        ------
        UsageError
            If a run is there and neither `resume` nor `force` is given, if it is resumed with
            another configuration, if another process holds it, if the folder holds anything that
            is not a run or is the home, the root or the working folder, or if it cannot be written.
        """
        import filelock

        run = cls(folder)
        ownership.require_free(run.folder)
        with unwritable(folder):
            run.folder.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(run.folder / ".lock", timeout=0)
        try:
            with unwritable(folder):
                lock.acquire()
        except filelock.Timeout:
            raise UsageError(
                f"{folder} is in use by another process; wait for it or choose another folder"
            ) from None
        try:
            run._claim(plain(config), resume, force)
            yield run
        finally:
            lock.release()

    def _claim(self, config, resume, force):
        if force:
            ownership.empty(self.folder)
        existing = self.folder / "config.json"
        if not existing.exists():
            write_json(self.path("environment.json"), environment())
            write_json(self.path("config.json"), config)
            return
        if not resume:
            state = "finished" if self.done else "was interrupted"
            raise UsageError(
                f"{self.folder} holds a run that {state}: add --resume to go on with it, "
                "--force to start afresh, or choose another folder"
            )
        self._same(read_json(existing), json.loads(json.dumps(config, default=str)))
        self._renew_environment()

    def _renew_environment(self):
        """Write down where the run goes on; where it came from is kept in the log."""
        path = self.path("environment.json")
        self.log("resumed", before=read_json(path) if path.exists() else None)
        write_json(path, environment())

    def _same(self, before, now):
        changed = [k for k in {**before, **now} if before.get(k) != now.get(k)]
        if changed:
            listed = ", ".join(f"{k}: {before.get(k)!r} then, {now.get(k)!r} now" for k in changed)
            raise UsageError(
                f"{self.folder} cannot go on with another configuration ({listed}): "
                "use the old one, --force, or another folder"
            )

    @property
    def done(self):
        """Whether the run came to its end."""
        return self.path("DONE").exists()

    def path(self, *parts):
        """Return a path below the run folder; its parent folder is made."""
        path = self.folder.joinpath(*map(str, parts))
        with unwritable(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
        ownership.record(self.folder, path.relative_to(self.folder).parts[0])
        return path

    def log(self, event, **values) -> None:
        """Append one event to log.jsonl."""
        record = {"time": time.time(), "event": event, **values}
        with open(self.path("log.jsonl"), "a", encoding="utf-8") as file:
            file.write(json.dumps(record, default=str) + "\n")

    def metrics(self, rows: list[dict]) -> None:
        """Append rows (dicts with one set of keys) to metrics.csv.

        Parameters
        ----------
        rows : list of dict
            A key that the file does not have yet widens it.
        """
        import pandas as pd

        from experiment.files import atomic

        path = self.path("metrics.csv")
        table = pd.DataFrame(rows)
        if path.exists():
            table = pd.concat([pd.read_csv(path), table], ignore_index=True)
        with atomic(path) as temporary:
            table.to_csv(temporary, index=False)

    def once(self, name: str, function: Callable) -> object:
        """Return the result of a stage, running it only if it has not finished before.

        Parameters
        ----------
        name : str
            Name of the stage.
        function : callable
            Without arguments; returns what JSON holds.

        Returns
        -------
        object
            The result, as JSON gives it back.
        """
        path = self.path("stages", f"{name}.json")
        if path.exists():
            return self.result(name)
        start = time.monotonic()
        result = function()
        seconds = time.monotonic() - start
        write_json(path, {"seconds": seconds, "result": result})
        self.log("stage", name=name, seconds=seconds)
        return self.result(name)

    def result(self, name):
        """Return what a finished stage left.

        Raises
        ------
        DataError
            If it has not finished.
        """
        path = self.folder / "stages" / f"{name}.json"
        if not path.exists():
            raise DataError(f"{self.folder}: the stage {name} has not finished; use --resume")
        return read_json(path)["result"]

    def seconds(self):
        """Return the seconds that each finished stage took, by name."""
        return {
            path.stem: read_json(path)["seconds"]
            for path in sorted(
                self.folder.glob("stages/**/*.json"), key=lambda path: path.stat().st_mtime
            )
        }

    def finish(self) -> None:
        """Mark the run as complete."""
        write_text(self.path("DONE"), time.strftime("%Y-%m-%dT%H:%M:%S%z") + "\n")
