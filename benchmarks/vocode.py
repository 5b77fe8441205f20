"""An hour of speech through a vocoder, by ``fake-audio vocode`` as it is.

Reading, copying, matching the channel, writing originals and copies: once as clips of six seconds,
once as one recording, whose memory beyond that of the vocoder itself is bounded. The speech is that
of the starter corpus, over and over.

  python benchmarks/vocode.py [--vocoder vocos] [--hours 1] [--json]
"""

import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from experiment.command import run_command

BAR = 180.0  # s an hour of speech, on two cores
CLIP = 6.0  # s
RATE = 16000


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    vocoder : str
        As for fake-audio vocode.
    hours : float
        Of speech.
    workers : int
        Processes.
    json : bool
        Print one JSON object instead of a table.
    """

    vocoder: str = "vocos"
    hours: float = 1.0
    workers: int = 1
    json: bool = False


def main(settings):
    """Measure and print; exit code 1 where the bar is missed."""
    from experiment.files import dumps

    with tempfile.TemporaryDirectory() as folder:
        speech = _speech(settings.hours)
        rows = [
            _measure(settings, Path(folder, "clips"), _cut(speech), "clips of 6 s"),
            _measure(settings, Path(folder, "whole"), [speech], "one recording"),
        ]
    print(dumps({"rows": rows}) if settings.json else _table(rows))
    return int(rows[0]["seconds"] > BAR * settings.hours)


def _speech(hours):
    import numpy as np

    from audio.datasets import DATASETS
    from audio.manifest import clips

    corpus = DATASETS["starter"]("tiny")
    real = np.concatenate([clip.samples for clip in clips(corpus[corpus["label"] == "bonafide"])])
    return np.resize(real, int(hours * 3600 * RATE))


def _cut(speech):
    size = int(CLIP * RATE)
    return [speech[start : start + size] for start in range(0, len(speech), size)]


def _measure(settings, folder, pieces, name):
    """Write recordings, copy them, and return a row of figures."""
    import pandas as pd

    from audio.clip import make_clip, write_wav
    from audio.manifest import row
    from gan.vocoding import Plan, vocode

    rows = []
    for place, samples in enumerate(pieces):
        path = folder / "in" / f"{place}.wav"
        write_wav(path, samples, RATE)
        rows.append(row(make_clip(samples, RATE, name=str(place)), path, label="bonafide"))
    before, start = _memory(), time.perf_counter()
    vocode(pd.DataFrame(rows), Plan((settings.vocoder,)), folder / "out", workers=settings.workers)
    seconds = time.perf_counter() - start
    speech = sum(map(len, pieces)) / RATE
    return {
        "what": name,
        "vocoder": settings.vocoder,
        "speech_seconds": speech,
        "seconds": seconds,
        "times_real_time": speech / seconds,
        "more_memory_mb": _memory() - before,
    }


def _memory():
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _table(rows):
    lines = ["recordings     speech s  took s  times real time  memory beyond before, MB"]
    lines += [
        f"{row['what']:13} {row['speech_seconds']:9.0f} {row['seconds']:7.1f} "
        f"{row['times_real_time']:16.0f} {row['more_memory_mb']:25.0f}"
        for row in rows
    ]
    return "\n".join([*lines, f"bar: {BAR:.0f} s an hour of speech"])


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
