"""One training loop for every generator: budgets, checks, previews, checkpoints, the best score."""

import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from audio.clip import Clip
from audio.columns import printable
from experiment.errors import DataError, UsageError
from experiment.files import atomic
from experiment.progress import clock, meter, say
from experiment.run import Run
from experiment.tables import defused
from gan import checkpoint, health
from gan.config import GanConfig
from gan.slices import Ahead, Slices, gather

FITTED = 256
SHOWN = 8
EXAMINED = 64
ROW_EVERY = 10


@dataclass(frozen=True)
class Outcome:
    """How a training ended.

    Attributes
    ----------
    folder : Path
        Run folder; `gan.generation.load` takes it.
    step : int
        Generator steps behind the weights that were kept.
    reason : str
        ``steps``, ``time``, ``score``, ``silence`` or ``divergence``.
    findings : tuple of str
        What the last check found wrong with the clips.
    """

    folder: Path
    step: int
    reason: str
    findings: tuple = ()


@dataclass
class Progress:
    """What a checkpoint notes beside the weights."""

    step: int = 0
    seconds: float = 0.0
    audible: bool = False
    silent_checks: int = 0
    best: float | None = None
    stalled: int = 0
    codec: dict = field(default_factory=dict)
    data: str = ""


def train(
    config: GanConfig,
    data: Sequence[Clip] | pd.DataFrame | str | Path,
    run: Run | str | Path,
    *,
    steps: int = 20000,
    seconds: float | None = None,
    resume: bool = False,
    force: bool = False,
    score: Callable | None = None,
    strategy: Any = None,
) -> Outcome:
    """Train a generator.

    Parameters
    ----------
    config : GanConfig
        What to train, and how.
    data : sequence of Clip, DataFrame, str or Path
        Real clips, a manifest, or the path of a manifest or of a folder of audio of any format.
    run : Run, str or Path
        An open run, or the folder of a new one. Gets ``generator/``, ``checkpoint.npz``,
        ``previews/``, ``metrics.csv``, ``checks.csv``, ``rejects.csv`` and ``tensorboard/``.
    steps : int
        Generator steps in all.
    seconds : float, optional
        Ends the training earlier; counts over all resumptions.
    resume, force : bool
        Go on with the run in the folder, or throw it away.
    score : Callable, optional
        From the generator or vocoder of a check to a number, lower is
        better (a Frechet distance to held-out clips, say); the one with the best is kept.
    strategy : tf.distribute.Strategy, optional
        Spreads the batch over several devices or machines.

    Returns
    -------
    Outcome
        Divergence and silence are outcomes: the last good checkpoint is kept.

    Raises
    ------
    DataError
        If there is no usable audio, or a resumed run finds other audio.
    UsageError
        If the folder holds a run, or batch and replicas do not fit.
    """
    if config.deterministic:
        from gan import device

        device.determine()
    with _opened(run, config, resume, force) as opened:
        training = Training(config, data, opened, score, strategy)
        return training.go(steps, seconds)


@contextmanager
def _opened(run, config, resume, force):
    if isinstance(run, Run):
        yield run
        return
    with Run.open(run, config, resume, force) as opened:
        yield opened
        opened.finish()


class Budget:
    """How much of the steps and seconds is spent."""

    def __init__(self, steps, seconds, progress) -> None:
        self.steps, self.seconds, self.progress = steps, seconds, progress
        self._start = time.monotonic() - progress.seconds
        self._shown = self._percent()

    def tick(self) -> None:
        """Bring the seconds up to date."""
        self.progress.seconds = time.monotonic() - self._start

    def spent(self):
        """Return ``steps``, ``time``, or an empty string while there is some left."""
        if self.seconds and self.progress.seconds >= self.seconds:
            return "time"
        return "steps" if self.progress.step >= self.steps else ""

    def _percent(self):
        share = self.progress.step / max(self.steps, 1)
        if self.seconds:
            share = max(share, self.progress.seconds / self.seconds)
        return int(100 * min(share, 1))

    def moved(self):
        """Return the per cent spent since the last call."""
        before, self._shown = self._shown, self._percent()
        return self._shown - before


class Training:
    """The state of one training; `train` makes and runs it."""

    def __init__(self, config, data, run, score=None, strategy=None) -> None:
        self.config, self.run, self.score = config, run, score
        sources, rejects = gather(data, config)
        self._list(rejects)
        self.slices = Slices(sources, config)
        arrays, self.progress = self._restored()
        self.players = self._players(strategy)
        if arrays:
            variables = self.players.variables()
            checkpoint.assign(variables, arrays, self._path)
        self.events = self._events() if config.tensorboard else None
        self.rows: list[dict] = []
        policy = self.players.generator.dtype_policy.name
        run.log("training", slices=len(self.slices), policy=policy)

    @property
    def _path(self):
        return self.run.path("checkpoint.npz")

    def _list(self, rejects):
        if rejects:
            say(f"{len(rejects)} files cannot be used; see {self.run.path('rejects.csv')}")
        with atomic(self.run.path("rejects.csv")) as temporary:
            rows = [[defused(printable(part)) for part in one] for one in rejects]
            pd.DataFrame(rows, columns=["path", "reason"]).to_csv(temporary, index=False)

    def _restored(self):
        if not self._path.exists():
            return None, Progress(data=self.slices.digest())
        arrays, note = checkpoint.load(self._path)
        try:
            progress = Progress(**note)
        except TypeError:
            raise DataError(f"{self._path}: not a checkpoint of a generator; delete it") from None
        if progress.data != self.slices.digest():
            raise DataError(
                f"{self.run.folder}: the training audio has changed; restore it, or use --force"
            )
        for name in ("metrics.csv", "checks.csv"):
            _forget(self.run.path(name), progress.step)
        return arrays, progress

    def _real(self, count):
        """Return slices spread evenly over the training audio, [n, samples, channels]."""
        count = min(count, max(len(self.slices), 2))
        slots = np.linspace(0, len(self.slices) - 1, count).astype(int)
        return np.stack([self.slices.cut(slot, 0.5) for slot in slots])

    def _players(self, strategy):
        players = _opponents(self.config, self.slices.classes, self.progress.codec, strategy)
        replicas = players.strategy.num_replicas_in_sync
        if self.config.batch % replicas:
            raise UsageError(
                f"batch {self.config.batch} does not divide among {replicas} replicas; "
                "choose a multiple"
            )
        if not self.progress.codec:
            self.progress.codec = players.fit(self._real(FITTED))
        return players

    def _events(self):
        from gan.previews import Events

        return Events(self.run.path("tensorboard"))

    def go(self, steps, seconds):
        """Train until a budget is spent, the score stalls or the clips fail; return the outcome."""
        budget = Budget(steps, seconds, self.progress)
        reason, found = budget.spent(), ()
        ahead = Ahead(self._batch, self.progress.step * self.config.critic_steps)
        try:
            with meter(f"training {self.config.model} (%)", 100) as advance:
                while not reason:
                    self._step(ahead)
                    budget.tick()
                    reason = budget.spent()
                    due = self.progress.step % self.config.check_every == 0
                    if reason or due or self._diverged():
                        stopped, found = self._check()
                        reason = stopped or reason
                    advance(budget.moved(), self._note())
        finally:
            ahead.close()
        return self._end(reason, found)

    def _batch(self, number):
        audio, labels = self.slices.batch(number)
        return self.players.prepare(audio, labels)

    def _step(self, ahead):
        begun, batches = time.perf_counter(), _Timed(ahead)
        losses = self.players.step(batches, self.progress.step)
        self.progress.step += 1
        self.pace = spent = time.perf_counter() - begun
        times = {"iteration": spent, "waiting": batches.waited / spent}
        self.rows.append({"step": self.progress.step, **losses, **times})

    def _diverged(self):
        last = self.rows[-1]
        return not np.isfinite([last["critic"], last["generator"]]).all()

    def _note(self):
        return f"step {self.progress.step}, {self.pace:.2f} s each"

    def _check(self):
        """Look at the generator; return why to stop (None to go on) and what is wrong."""
        diverged = self._diverged()
        self._flush()
        if diverged:
            return "divergence", ("a loss is not finite",)
        note = {"step": self.progress.step, "data": self.progress.data, "slices": len(self.slices)}
        generator = self.players.finished(self.slices.classes, note)
        real = _mono(self._real(EXAMINED))
        audio = _mono(generator.examples(EXAMINED, self.config.seed, real))
        measures = health.measure(audio, real, self.config.rate)
        found = tuple(health.findings(measures))
        if measures["finite"] < 1:
            return "divergence", found
        if found:
            say(f"step {self.progress.step}: {'; '.join(found)}")
        self._show(audio[:SHOWN])
        return self._keep(generator, measures), found

    def _keep(self, generator, measures):
        """Save what is good; return why to stop, or None."""
        progress, silent = self.progress, measures["silent"] > 0.5
        progress.audible |= not silent
        progress.silent_checks = progress.silent_checks + 1 if silent else 0
        better = self._better(generator, measures)
        self._record({"step": progress.step, **measures})
        if not (silent and progress.audible):
            if better:
                self._export(generator)
            arrays = [variable.numpy() for variable in self.players.variables()]
            checkpoint.save(self._path, arrays, asdict(progress))
        if progress.silent_checks >= self.config.patience:
            return "silence"
        return "score" if self.score and progress.stalled >= self.config.patience else None

    def _better(self, generator, measures):
        if self.score is None:
            return True
        value = measures["score"] = float(self.score(generator))
        progress = self.progress
        better = progress.best is None or value < progress.best
        progress.best = value if better else progress.best
        progress.stalled = 0 if better else progress.stalled + 1
        return better

    def _export(self, generator):
        from gan.generation import FOLDER, export

        export(self.run.path(FOLDER), generator)

    def _show(self, audio):
        from gan import previews

        path = self.run.path("previews", f"step-{self.progress.step:08d}.png")
        previews.write(audio, self.config.rate, path)
        if self.events:
            self.events.audio(audio, self.config.rate, self.progress.step)

    def _record(self, measures):
        path = self.run.path("checks.csv")
        before = [pd.read_csv(path)] if path.exists() else []
        with atomic(path) as temporary:
            pd.concat([*before, pd.DataFrame([measures])]).to_csv(temporary, index=False)
        if self.events:
            numbers = {f"check/{k}": v for k, v in measures.items() if k != "step"}
            self.events.scalars(numbers, self.progress.step)

    def _flush(self):
        """Write the rows since the last check, averaged over `ROW_EVERY` steps."""
        if not self.rows:
            return
        table = pd.DataFrame(self.rows)
        blocks = table.groupby(table.index // ROW_EVERY)
        rows = blocks.mean().assign(step=blocks["step"].max())
        self.run.metrics(rows.to_dict("records"))
        if self.events:
            for row in rows.to_dict("records"):
                step = row.pop("step")
                self.events.scalars({f"train/{k}": v for k, v in row.items()}, int(step))
        self.rows: list[dict] = []

    def _end(self, reason, found):
        arrays_kept = self._path.exists()
        kept = checkpoint.load(self._path)[1]["step"] if arrays_kept else 0
        self.run.log("trained", step=self.progress.step, kept=kept, reason=reason, findings=found)
        say(
            f"{self.config.model}: {self.progress.step} steps in {clock(self.progress.seconds)}, "
            f"stopped by {reason}; kept step {kept}"
        )
        return Outcome(self.run.folder, kept, reason, found)


def _opponents(config, classes, codec, strategy):
    """Return who trains a configuration: see `gan.players.Base`."""
    if config.copies:
        from gan.copyists import Copyists

        return Copyists(config, strategy)
    from gan.steps import Players

    return Players(config, len(classes), codec, strategy)


class _Timed:
    """Batches one after another, and the seconds that were spent waiting for them."""

    def __init__(self, ahead):
        self._ahead, self.waited = ahead, 0.0

    def __next__(self):
        asked = time.perf_counter()
        batch = self._ahead.next()
        self.waited += time.perf_counter() - asked
        return batch


def _forget(path, step):
    """Drop the rows of steps that the checkpoint does not know: they will be trained again."""
    if not path.exists():
        return
    table = pd.read_csv(path)
    known = ~(table["step"] > step)
    if not known.all():
        with atomic(path) as temporary:
            table[known].to_csv(temporary, index=False)


def _mono(audio):
    return audio if audio.ndim == 2 else audio.mean(axis=-1)
