"""detect.py over many short files, killed and resumed: every file is judged once."""

import collections
import json
import random
import shutil
import signal
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

from tests.soak.processes import Memory, start

BAD = 50  # one file in so many is no sound
FOLDER = 1000  # files in one


def write(folder, count):
    """Write `count` clips of 0.3 s, some of them broken."""
    draw = np.random.default_rng(0)
    sounds = [draw.normal(0, 0.1, 4800) * np.hanning(4800) for _ in range(40)]
    for k in range(count):
        path = folder / f"{k // FOLDER:03d}" / f"{k:06d}.wav"
        path.parent.mkdir(exist_ok=True)
        if k % BAD:
            soundfile.write(path, sounds[k % len(sounds)], 16000)
        else:
            path.write_bytes(b"<html>" * (k % 3))


def run(settings):
    """Return what happened to every file, and how much memory it took.

    Parameters
    ----------
    settings : Namespace
        With ``files`` and ``kills``: SIGKILL and SIGTERM in turn, at random moments.

    Returns
    -------
    dict
        Counts of files, of records and of records that repeat; runs, seconds and memory.
    """
    home = Path(tempfile.mkdtemp(prefix="soak-"))
    try:
        return _run(settings, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(settings, home):
    (home / "in").mkdir()
    write(home / "in", settings.files)
    records, draw = home / "out" / "verdicts.jsonl", random.Random(0)
    begun, ends, peaks = time.monotonic(), [], []
    for k in range(settings.kills + 1):
        wanted = settings.files * (k + draw.uniform(0.3, 0.9)) / (settings.kills + 1)
        with open(home / "log.txt", "w") as log:
            process = start(
                "fake_audio", "detect", home / "in", "--out", home / "out", "--csv", "--resume",
                scratch=home, log=log,
            )  # fmt: skip
            memory = Memory(process)
            while process.poll() is None:
                time.sleep(0.5)
                if k < settings.kills and _lines(records) > wanted:
                    process.send_signal((signal.SIGKILL, signal.SIGTERM)[k % 2])
                    process.wait()
            ends.append(process.returncode)
            peaks.append(memory.stop())
    kept = [json.loads(line) for line in records.read_text().splitlines()]
    counts = collections.Counter(one["file"] for one in kept)
    return {
        "files": settings.files,
        "records": len(kept),
        "named with a reason": sum("reason" in one for one in kept),
        "judged twice": sum(count > 1 for count in counts.values()),
        "missing": settings.files - len(counts),
        "exit codes": ends,
        "seconds": round(time.monotonic() - begun),
        "memory": peaks,
        "held": len(kept) == len(counts) == settings.files and ends[-1] == 0,
    }


def _lines(path):
    if not path.exists():
        return 0
    with open(path, "rb") as file:
        return sum(1 for _ in file)
