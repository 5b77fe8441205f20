"""Range EER at all thresholds at once against a search that intersects intervals.

The reference measures, at every score as threshold, the seconds of each error by cutting every
part of the truth at every frame, as the definition says (Zhang et al., Interspeech 2023,
section 3). Both must agree within .01, and ours is to be 100 times faster.

  python benchmarks/localisation.py [--clips 20] [--json]
"""

import sys
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

import time

import numpy as np

from audio.segments import parse, text_of
from detect.evaluation.localisation import Timeline, range_eer
from experiment.command import run_command
from experiment.options import Output
from experiment.seeds import rng

STEP = 0.02  # seconds of a frame
PARTS = (False, True, False, True, False)  # spoof


@dataclass(frozen=True, kw_only=True)
class Settings(Output):
    """What to measure.

    Attributes
    ----------
    clips : int
        Recordings of 4 s with two stretches of spoof each.
    repeats : int
        Times of ours; the median counts.
    seed : int
        Of the made-up scores.
    """

    clips: int = 20
    repeats: int = 5
    seed: int = 0


def made_up(clips, seed):
    """Return timelines whose scores tell spoof from bona fide now and then."""
    draw, found = rng(seed, "timelines"), []
    for _ in range(clips):
        edges = np.r_[0, np.sort(draw.uniform(0.2, 3.8, len(PARTS) - 1)), 4.0]
        middle = (np.arange(200) + 0.5) * STEP
        spoof = np.array(PARTS)[np.searchsorted(edges, middle) - 1]
        scores = draw.normal(size=200) - 1.5 * spoof
        found.append(Timeline(scores, STEP, text_of(edges, PARTS)))
    return found


def search(timelines):
    """Return the range EER by trying every threshold."""
    values = np.unique(np.concatenate([one.scores for one in timelines]))
    best = (np.inf, np.nan)
    for threshold in [*values, np.inf]:
        wrong, whole = np.zeros(2), np.zeros(2)
        for one in timelines:
            edges, spoof = parse(one.segments)
            starts = np.arange(len(one.scores)) * one.step
            for start, end, fake in zip(edges[:-1], edges[1:], spoof, strict=True):
                common = np.minimum(end, starts + one.step) - np.maximum(start, starts)
                errs = (one.scores >= threshold) == fake
                whole[int(fake)] += end - start
                wrong[int(fake)] += common[errs & (common > 0)].sum()
        miss, alarm = wrong / whole
        best = min(best, (abs(miss - alarm), (miss + alarm) / 2))
    return best[1]


def seconds_of(function, repeats):
    """Return the median of processor seconds of so many calls, and the last answer."""
    times = []
    for _ in range(repeats):
        begun = time.process_time()
        answer = function()
        times.append(time.process_time() - begun)
    return float(np.median(times)), answer


def main(settings):
    """Measure both and print the ratio."""
    from experiment.files import dumps

    timelines = made_up(settings.clips, settings.seed)
    ours, found = seconds_of(lambda: range_eer(timelines), settings.repeats)
    theirs, wanted = seconds_of(lambda: search(timelines), 1)
    figures = {
        "clips": settings.clips, "frames": sum(len(one.scores) for one in timelines),
        "range_eer": found, "search": wanted, "difference": abs(found - wanted),
        "seconds": ours, "search_seconds": theirs, "times_faster": theirs / ours,
    }  # fmt: skip
    if settings.json:
        print(dumps(figures))
        return
    print(
        f"{figures['clips']} clips, {figures['frames']} frames: range EER {found:.4f}, by search "
        f"{wanted:.4f}; {1000 * ours:.2f} ms against {theirs:.2f} s, "
        f"{figures['times_faster']:.0f} times faster (bar 100)"
    )


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
