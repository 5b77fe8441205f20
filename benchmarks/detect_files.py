"""scripts/detect.py over a folder of a thousand files with the shipped detector.

The bar is 150 times real time, start of Python and TensorFlow included. Beside it what the parts
take alone in one warm process: reading, front end, network; so one sees which of them binds.

  python benchmarks/detect_files.py [--json]
"""

import sys
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

import os
import subprocess
import tempfile
import time

from experiment.command import run_command

BAR = 150  # times real time
SCRIPT = Path(__file__).parents[1] / "scripts" / "detect.py"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    model : str
        Detector.
    corpus : str
        Size of the starter corpus that the files are drawn from.
    files : int
        How many.
    repeats : int
        Runs, of which the fastest counts: the machine's noise only adds.
    json : bool
        Print one JSON object instead of a table.
    """

    model: str = "starter"
    corpus: str = "quick"
    files: int = 1000
    repeats: int = 3
    json: bool = False


def main(settings):
    """Measure and print."""
    from experiment.files import dumps

    rows = measure(settings)
    if settings.json:
        print(dumps({"settings": vars(settings), "rows": rows}))
        return
    print("| what | times real time | bar | seconds | processor seconds | bound by |")
    print("|---|---|---|---|---|---|")
    for r in rows:
        bar = f">= {BAR}" if r["bar"] else ""
        print(
            f"| {r['name']} | {1 / r['ours']:.0f} | {bar} | {r['seconds']:.2f} | "
            f"{r['processor']:.2f} | {r['bound']} |"
        )


def measure(settings):
    """Return the rows: the command, then its parts.

    Parameters
    ----------
    settings : Settings
        What to measure.

    Returns
    -------
    list of dict
        name, ours (seconds of work for one second of sound), peer (the bar), ratio, bar, limit (the
        slowest part alone), seconds (wall), processor (seconds of all cores; where other work
        shares the machine they tell more than the wall), bound (the slowest part).
    """
    from audio.datasets import DATASETS
    from detect.use.loading import load

    frame = DATASETS["starter"](settings.corpus).sample(settings.files, random_state=0)
    paths, sound = [Path(path) for path in frame["path"]], frame["duration"].sum()
    parts = _parts(load(settings.model), paths, settings.repeats)
    slowest = max(("reading", "front end", "network"), key=lambda name: parts[name][1])
    whole = {"command, from start to exit": _command(settings, paths), **parts}
    limit = parts[slowest][0] / sound
    return [_row(name, sound, limit, times, slowest) for name, times in whole.items()]


def _row(name, sound, limit, times, bound):
    judged = name.startswith("command")
    return {
        "name": name,
        "ours": times[0] / sound,
        "peer": 1 / BAR,
        "ratio": times[0] / sound * BAR,
        "bar": 1.0 if judged else None,
        "limit": limit,
        "seconds": times[0],
        "processor": times[1],
        "bound": bound if judged else "",
    }


def _fastest(function, repeats):
    """Return the least wall seconds and the processor seconds of that run, and the last result."""
    times = []
    for _ in range(repeats):
        began, busy = time.perf_counter(), _processor()
        result = function()
        times.append((time.perf_counter() - began, _processor() - busy))
    return min(times), result


def _processor():
    """Return processor seconds of this process and of its finished children."""
    return sum(os.times()[:4])


def _command(settings, paths):
    """Return the seconds of the command on a folder with links to the files."""
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            Path(folder, path.name).symlink_to(path)
        words = [sys.executable, SCRIPT, folder, "--model", settings.model, "--csv"]
        times, done = _fastest(
            lambda: subprocess.run(words, check=True, capture_output=True, text=True),
            settings.repeats,
        )
    judged = len(done.stdout.splitlines()) - 1
    if judged != len(paths):
        raise RuntimeError(f"{judged} of {len(paths)} files were judged")
    return times


def _parts(detector, paths, repeats):
    """Return the seconds of judging in a warm process, and of each part alone."""
    from threadpoolctl import threadpool_limits

    from audio.clip import read_clip
    from detect.use.verdict import judge_files

    list(judge_files(detector, paths[:100]))
    judging, _ = _fastest(lambda: list(judge_files(detector, paths)), repeats)
    reading, clips = _fastest(lambda: [read_clip(path) for path in paths], repeats)
    with threadpool_limits(1):  # as judge_files has it
        preparing, features = _fastest(lambda: detector.features(clips), repeats)
    scoring, _ = _fastest(lambda: detector.logits(features), repeats)
    return {
        "judging, warm": judging,
        "reading": reading,
        "front end": preparing,
        "network": scoring,
    }


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
