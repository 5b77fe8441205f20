"""Memory of training and scoring on very many clips, and whether it grows with their number.

A simulated set: so many rows with names of their own over a few hundred short files, which are
read again for each row. For each size a process of its own computes the features, trains the custom
CNN for one epoch, calibrates it, and scores the test rows. What counts is the memory that the
process alone holds; pages of the memory-mapped features belong to the system, which takes them back
when it needs them.

  python benchmarks/many_clips.py [--sizes 6000,60000,600000] [--json]
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

import json
import os
import tempfile
import threading
import time

import numpy as np
import pandas as pd

from experiment.command import run_command
from experiment.options import Output
from experiment.seeds import rng

RATE, SECONDS = 16000, 0.3
FILES = 400
PERIOD = 0.2  # seconds between two looks at the memory
SPLITS = ("train",) * 8 + ("dev", "test")


@dataclass(frozen=True, kw_only=True)
class Settings(Output):
    """What to measure.

    Attributes
    ----------
    sizes : str
        Numbers of clips, separated by commas.
    one : bool
        Measure the first size in this process.
    """

    sizes: str = "6000,60000,600000"
    one: bool = False


class Memory:
    """Watches how much memory this process holds for itself."""

    def __init__(self):
        self.peak, self._over = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        while not self._over.wait(PERIOD):
            self.peak = max(self.peak, anonymous())

    def stop(self):
        """Return the peak in MB."""
        self._over.set()
        self._thread.join()
        return round(max(self.peak, anonymous()) / 1000)


def anonymous():
    """Return the memory in kB that belongs to no file, from Linux' own record."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    raise OSError("/proc/self/status has no line RssAnon: Linux is needed")


def simulated(folder, clips):
    """Write the files and return the manifest: noise, with a tone in every fake."""
    from audio.clip import write_wav

    tone = 0.05 * np.sin(2 * np.pi * 3000 * np.arange(round(SECONDS * RATE)) / RATE)
    paths = []
    for k in range(FILES):
        noise = rng(0, "noise", k).normal(0, 0.1, len(tone))
        paths.append(str(Path(folder, f"{k}.wav")))
        write_wav(paths[-1], (noise + tone * (k % 2)).astype(np.float32), RATE)
    number = np.arange(clips)
    return pd.DataFrame(
        {
            "name": [f"c{k}" for k in number],
            "path": np.array(paths, object)[number % FILES],
            "label": np.where(number % 2, "spoof", "bonafide"),
            "attack": np.where(number % 2, "tone", ""),
            "speaker": [f"s{k // 2 % 1000}" for k in number],
            "text": "",
            "source": "simulated",
            "split": np.array(SPLITS, object)[number // 2 % len(SPLITS)],
            "duration": SECONDS,
            "rate": RATE,
        }
    )


def measured(clips):
    """Train and score on a simulated set in this process, and return the figures."""
    from audio.frontends import LogMel
    from detect.models.config import TrainConfig
    from detect.training.trainer import train
    from detect.use.scoring import score_manifest

    with tempfile.TemporaryDirectory() as folder:
        os.environ["FAKE_AUDIO_CACHE"] = folder
        frame = simulated(folder, clips)
        parts = {name: part.reset_index(drop=True) for name, part in frame.groupby("split")}
        memory, begun = Memory(), time.monotonic()
        detector = train(
            "cnn", parts["train"], parts["dev"],
            TrainConfig(epochs=1, options={"width": 4}),
            front_end=LogMel(seconds=SECONDS, bands=32),
        )  # fmt: skip
        trained = time.monotonic() - begun
        scores = score_manifest(detector, parts["test"])
        features = sum(path.stat().st_size for path in Path(folder).rglob("*.npy"))
    return {
        "clips": clips,
        "scored": len(scores),
        "features_mb": round(features / 1e6),
        "train_seconds": round(trained),
        "score_seconds": round(time.monotonic() - begun - trained),
        "peak_mb": memory.stop(),
    }


def main(settings):
    """Measure each size in a process of its own."""
    from experiment.files import dumps

    sizes = [int(size) for size in settings.sizes.split(",")]
    if settings.one:
        print(json.dumps(measured(sizes[0])))
        return
    rows = []
    for size in sizes:
        command = [sys.executable, __file__, "--one=true", f"--sizes={size}"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
        if not settings.json:
            print(pd.DataFrame(rows[-1:]).to_string(index=False, header=len(rows) == 1), flush=True)
    if settings.json:
        print(dumps({"rows": rows}))


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
