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
    print("| what | times real time | bar | seconds | bound by |")
    print("|---|---|---|---|---|")
    for r in rows:
        bar = f">= {BAR}" if r["bar"] else ""
        print(f"| {r['name']} | {1 / r['ours']:.0f} | {bar} | {r['seconds']:.2f} | {r['bound']} |")


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
        slowest part alone), seconds (wall), bound (the slowest part).
    """
    from audio.datasets import DATASETS
    from detect.detector import Detector

    frame = DATASETS["starter"](settings.corpus).sample(settings.files, random_state=0)
    paths, sound = [Path(path) for path in frame["path"]], frame["duration"].sum()
    parts = _parts(Detector.load(settings.model), paths, settings.repeats)
    slowest = max(("reading", "front end", "network"), key=parts.get)
    whole = {"command, from start to exit": _command(settings, paths), **parts}
    limit = parts[slowest] / sound
    return [_row(name, seconds / sound, limit, seconds, slowest) for name, seconds in whole.items()]


def _row(name, ours, limit, seconds, bound):
    judged = name.startswith("command")
    return {
        "name": name,
        "ours": ours,
        "peer": 1 / BAR,
        "ratio": ours * BAR,
        "bar": 1.0 if judged else None,
        "limit": limit,
        "seconds": seconds,
        "bound": bound if judged else "",
    }


def _fastest(function, repeats):
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - began)
    return min(times), result


def _command(settings, paths):
    """Return wall seconds of the command on a folder with links to the files."""
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            Path(folder, path.name).symlink_to(path)
        words = [sys.executable, SCRIPT, folder, "--model", settings.model, "--csv"]
        seconds, done = _fastest(
            lambda: subprocess.run(words, check=True, capture_output=True, text=True),
            settings.repeats,
        )
    judged = len(done.stdout.splitlines()) - 1
    if judged != len(paths):
        raise RuntimeError(f"{judged} of {len(paths)} files were judged")
    return seconds


def _parts(detector, paths, repeats):
    """Return wall seconds of judging in a warm process, and of each part alone."""
    from audio.clip import read_clip
    from detect.verdict import judge_files

    list(judge_files(detector, paths[:100]))
    judging, _ = _fastest(lambda: list(judge_files(detector, paths)), repeats)
    reading, clips = _fastest(lambda: [read_clip(path) for path in paths], repeats)
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
