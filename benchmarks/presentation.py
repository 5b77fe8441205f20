"""Speed of presentation: each step on one core, and a whole manifest written on all cores.

The bar is 10 hours of sound in 10 minutes on two cores, 60 times real time.

  python benchmarks/presentation.py [--json]
  python benchmarks/presentation.py --minutes 600 --steps false      the bar itself
"""

import sys
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

import os
import tempfile
import time

from experiment.command import run_command

BAR = 60  # times real time
SECONDS = 4.0


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    corpus : str
        Size of the starter corpus that the speech is taken from, joined to clips of 4 s.
    minutes : float
        Sound that is presented and written.
    workers : int, optional
        Processes; the number of cores by default.
    steps : bool
        Also measure each step.
    json : bool
        Print one JSON object instead of a table.
    """

    corpus: str = "quick"
    minutes: float = 60.0
    workers: int | None = None
    steps: bool = True
    json: bool = False


def main(settings):
    """Measure and print."""
    from experiment.files import dumps
    from experiment.parallel import cores

    clips = _clips(settings.corpus)
    rows = [*_steps(clips)] if settings.steps else []
    whole = _whole(clips, settings.minutes, settings.workers or cores())
    if settings.json:
        print(dumps({"settings": vars(settings), "steps": rows, "whole": whole}))
        return
    if rows:
        print("| step | times real time, by processor time |\n|---|---|")
        for row in rows:
            print(f"| `{row['step']}` | {row['speed']:.0f} |")
    print(
        f"{whole['minutes']:.0f} minutes of sound read, presented and written by "
        f"{whole['workers']} processes in {whole['seconds']:.1f} s: {whole['speed']:.0f} times "
        f"real time (bar {BAR}); {whole['processor_seconds']:.1f} s of processor time"
    )


def _clips(corpus):
    """Return 64 clips of 4 s of real speech, [64, n]."""
    import numpy as np

    from audio.clip import RATE, read_samples
    from audio.datasets import DATASETS

    frame = DATASETS["starter"](corpus)
    paths = frame.loc[frame["label"] == "bonafide", "path"].iloc[:200]
    speech = np.concatenate([read_samples(path) for path in paths])
    return np.resize(speech, (64, round(SECONDS * RATE)))


def _steps(clips):
    """Yield the speed of every step with its default values, and of every codec."""
    from audio.clip import RATE
    from audio.presentation import STEPS, Scene
    from audio.presentation.codecs import FORMATS, Codec
    from audio.presentation.noise import Noise
    from experiment.seeds import rng

    codecs = [Codec(name, rate) for name, f in FORMATS.items() for rate in f.kilobits[::3]]
    others = [kind() for word, kind in STEPS.items() if word not in FORMATS]
    for step in [*others, Noise("babble", 15), *codecs]:
        scene = Scene(voices=tuple(clips[:8]))
        step.apply(clips[0], RATE, rng(0), scene)
        start = time.process_time()
        for number, clip in enumerate(clips):
            step.apply(clip, RATE, rng(number), scene)
        spent = time.process_time() - start
        yield {"step": str(step), "speed": len(clips) * SECONDS / spent}


def _whole(clips, minutes, workers):
    """Return what it takes to present a manifest of so many minutes, cluster start included."""
    import pandas as pd

    from audio.clip import make_clip, write_wav
    from audio.manifest import row
    from audio.presentation import present

    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for number in range(round(minutes * 60 / SECONDS)):
            sound = clips[number % len(clips)]
            path = Path(folder) / "in" / f"{number}.wav"
            write_wav(path, sound)
            rows.append(row(make_clip(sound), path, label="bonafide", name=f"clip{number}"))
        start, before = time.perf_counter(), processor_seconds()
        present(pd.DataFrame(rows), Path(folder) / "out", workers=workers)
        spent = time.perf_counter() - start
    return {
        "minutes": minutes, "workers": workers, "seconds": spent, "speed": 60 * minutes / spent,
        "bar": BAR, "processor_seconds": processor_seconds() - before,
    }  # fmt: skip


def processor_seconds():
    """Return what this process and those that it started and that ended have used."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
