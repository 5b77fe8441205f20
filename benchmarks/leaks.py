"""Fingerprints: do they find what two sets share, nothing else, and fast enough.

Planted: of 200 real clips the second set holds a part of 50 to 95 %, after mp3, another rate,
another level, or all of these. Every one is to be found, and false hits are to stay below 1e-4 of
the pairs. --show lists the pairs of real clips that are found: a collection can hold a recording
twice, so they must be looked at.

Speed: real files are read and fingerprinted by all cores; then so many fingerprints of 4 s, made of
real ones by warping time and pitch at random, fill a table, and some more are looked up in it. The
bar is 100,000 clips in 10 minutes. Where other jobs share the machine, processor time is what
counts.

  python benchmarks/leaks.py FOLDER [--clips 100000] [--json]
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

import time

import numpy as np

from benchmarks.presentation import processor_seconds
from experiment.command import run_command

BAR = 600.0  # seconds for 100,000 clips
CHANGES = (
    "none",
    "mp3:32k",
    "mp3:64k",
    "mp3:128k",
    "mp3:24k|mp3:48k",
    "resample:8kHz",
    "resample:11.025kHz",
    "level:-18dB",
    "level:6dB",
    "level:-9dB|resample:11.025kHz|mp3:32k",
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    folder : str
        Manifest or folder of real clips.
    planted : int
        Clips that are planted in the second set.
    shortest : float
        Seconds that a planted part has at least.
    clips : int
        Clips of the simulated sets, both together.
    asked : int
        Clips of the second simulated set that are really looked up in the whole first one.
    workers : int, optional
        Processes that make fingerprints; the number of cores by default.
    seed : int
        Of what is drawn.
    show : bool
        List the pairs of real clips that are found.
    json : bool
        Print one JSON object instead of sentences.
    """

    folder: str = field(metadata={"positional": None})
    planted: int = 200
    shortest: float = 1.5
    clips: int = 100_000
    asked: int = 2560
    workers: int | None = None
    seed: int = 0
    show: bool = False
    json: bool = False


def main(settings):
    """Measure and print."""
    from audio.leaks import recordings
    from experiment.files import dumps

    paths = list(recordings(settings.folder).values())
    known, asked, speed = _real(paths, settings)
    speed |= _simulated(asked, settings)
    speed |= _extrapolated(speed)
    rows = {
        "planted": _planted(paths, known, settings),
        "real": _false(paths, known, asked),
        "speed": speed,
    }
    if settings.json:
        print(dumps({"settings": vars(settings), **rows}))
        return
    _print(rows, settings)


def _print(rows, settings):
    planted, real, speed = rows["planted"], rows["real"], rows["speed"]
    print(f"planted: {planted['found']} of {planted['of']} found; missed: {planted['missed']}")
    print(
        f"real: {len(real['pairs'])} pairs found among {real['clips']} clips, "
        f"{real['compared']} pairs compared"
    )
    for pair in real["pairs"] if settings.show else ():
        print("  ", *pair)
    print(
        f"fingerprints: {speed['files']} files of {speed['mean_seconds']:.1f} s on average in "
        f"{speed['wall']:.1f} s, {speed['processor']:.1f} s of processor time"
    )
    print(
        f"compared: {speed['asked']} simulated clips with {speed['clips'] // 2} in "
        f"{speed['asked_processor']:.1f} s of processor time; half of {speed['clips']} with the "
        f"other half, in proportion: {speed['compare_processor']:.0f} s"
    )
    print(
        f"100,000 clips, extrapolated from these two: {speed['total']:.0f} s (bar {BAR:.0f}); from "
        f"their processor time on {speed['cores']} cores {speed['total_processor']:.0f} s"
    )


def _extrapolated(speed):
    """Return the seconds that 100,000 clips take; the comparison is on one core, and measured."""
    from experiment.parallel import cores

    made, compared = 100_000 / speed["files"], 100_000 / speed["clips"]
    n = cores()
    return {
        "cores": n,
        "total": made * speed["wall"] + compared * speed["compare_wall"],
        "total_processor": made * speed["processor"] / n + compared * speed["compare_processor"],
    }


def _real(paths, settings):
    """Return peaks and fingerprints of real files, and how long the latter took."""
    from audio import leaks

    start, before = time.perf_counter(), processor_seconds()
    items = {str(number): path for number, path in enumerate(paths)}
    names, asked, _ = leaks._fingerprints(items, leaks._fingerprint, settings.workers, None)
    wall, processor = time.perf_counter() - start, processor_seconds() - before
    asked = dict(zip(map(int, names), asked, strict=True))
    seconds = np.mean([_seconds(path) for path in paths])
    known = {number: both[0] for number, both in asked.items()}
    speed = {
        "files": len(paths), "mean_seconds": seconds, "wall": wall, "processor": processor,
    }  # fmt: skip
    return known, asked, speed


def _seconds(path):
    import soundfile

    return soundfile.info(path).duration


def _planted(paths, known, settings):
    """Return how many of the planted clips are found."""
    from audio import fingerprint as prints
    from audio.clip import RATE, read_samples
    from audio.leaks import matches
    from audio.presentation import parse
    from experiment.seeds import rng

    generator = rng(settings.seed, "planted")
    long = [i for i in known if _seconds(paths[i]) >= settings.shortest + 0.1]
    chosen = sorted(generator.permutation(long)[: settings.planted].tolist())
    asked, what = [], []
    for place, number in enumerate(chosen):
        sound = read_samples(paths[number])
        least = round(settings.shortest * RATE)
        length = max(round(generator.uniform(0.5, 0.95) * len(sound)), least)
        start = int(generator.integers(len(sound) - length + 1))
        change = CHANGES[place % len(CHANGES)]
        part = parse(change).apply(sound[start : start + length], RATE)
        asked.append(prints.fingerprint(part, RATE))
        what.append(f"{paths[number]} {start / RATE:.2f} s + {length / RATE:.2f} s, {change}")
    order = list(known)
    hits = {
        other
        for one, other, *_ in matches([known[i] for i in order], asked)
        if order[one] == chosen[other]
    }
    missed = [text for place, text in enumerate(what) if place not in hits]
    return {"of": len(chosen), "found": len(hits), "missed": missed}


def _false(paths, known, asked):
    """Return the pairs that are found among real clips."""
    from audio.leaks import matches

    order = list(known)
    found = matches([known[i] for i in order], [asked[i] for i in order])
    pairs = [
        (paths[order[one]], paths[order[other]], offset, round(share, 2))
        for one, other, offset, share in found
        if one < other
    ]
    n = len(order)
    return {"clips": n, "compared": n * (n - 1) // 2, "pairs": pairs}


def _simulated(asked, settings):
    """Look clips up in a simulated set; return how long half of the clips take in the other half.

    The time is that of the tables and a part in proportion to the clips that are looked up. So two
    numbers of these are measured, and the line through them is followed to the end.
    """
    from experiment.seeds import rng

    generator = rng(settings.seed, "simulated")
    real = [both for both in asked.values() if len(both[0]) and both[0][-1] >> 8 >= 250]
    half = settings.clips // 2
    known = [_warped(real, generator)[0] for _ in range(half)]
    few, many = (min(number, half) for number in (settings.asked // 10, settings.asked))
    others = [_warped(real, generator) for _ in range(many)]
    costs = [_compared(known, others[:number]) for number in (few, many)]
    slopes = (costs[1] - costs[0]) / max(many - few, 1)
    wall, processor = costs[1] + slopes * (half - many)
    return {
        "clips": settings.clips, "asked": many, "asked_processor": costs[1][1],
        "compare_wall": wall, "compare_processor": processor,
    }  # fmt: skip


def _compared(known, asked):
    """Return wall clock and processor time of a comparison, in s."""
    from audio.leaks import matches

    start, before = time.perf_counter(), time.process_time()
    for _ in matches(known, asked):
        pass
    return np.array([time.perf_counter() - start, time.process_time() - before])


def _warped(real, generator):
    """Return the first 4 s of a real fingerprint, of another speed and pitch."""
    both = real[int(generator.integers(len(real)))]
    speed, pitch = generator.uniform(0.75, 1.33, 2)
    start = int(generator.integers((int(both[0][-1]) >> 8) * speed - 187))
    found = []
    for peaks in both:
        time_, bins = np.round((peaks >> 8) * speed) - start, np.round((peaks & 255) * pitch)
        kept = (time_ >= 0) & (time_ < 250) & (bins < 235)
        found.append(np.unique(256 * time_[kept] + bins[kept]).astype(np.int32))
    return tuple(found)


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
