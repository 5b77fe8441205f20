"""The verdict of a detector on a clip, with how far to trust it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from audio.clip import make_clip
from experiment.bootstrap import interval
from experiment.seeds import rng

COPIES = 40
CUT, NOISE = 0.1, 40.0  # seconds, dB below the clip
FEWEST = 6
LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Opinion:
    """What one detector says of one clip.

    Attributes
    ----------
    detector : str
        Its name on the page.
    found : dict
        From `detect.use.verdict.verdict`.
    low, high : float or None
        Interval of the score; None where there is none.
    basis : str
        What the interval comes from.
    table : DataFrame
        Score of each window, from `detect.use.streaming.timeline`.
    dev : dict
        Metrics of the detector on its development set; empty where it has none.
    """

    detector: str
    found: dict
    low: float | None
    high: float | None
    basis: str
    table: pd.DataFrame
    dev: dict

    @property
    def threshold(self):
        """Scores below it are called spoof."""
        return self.found["threshold"]

    @property
    def sure(self):
        """Whether the whole interval lies on the verdict's side of the threshold."""
        return self.low is not None and not self.low <= self.threshold <= self.high

    @property
    def long(self):
        """Whether the verdict rests on several windows."""
        return len(self.table) > 3

    @property
    def course(self):
        """What a timeline is drawn from: table, threshold and limit of the domain."""
        return self.table, self.threshold, self.found["limit"]

    def to_dict(self):
        """Return what programs want of it, ready for JSON."""
        found = {**self.found, "detector": self.detector, "low": self.low, "high": self.high}
        return {**found, "basis": self.basis, "dev_eer": self.dev.get("eer")}


def judge(name, detector, clip, seed=0):
    """Return the opinion of a detector.

    Parameters
    ----------
    name : str
        Of the detector.
    detector : Detector
        Loaded.
    clip : Clip
        At its rate.
    seed : int
        Of the interval.

    Returns
    -------
    Opinion
    """
    from detect.use.streaming import counting
    from detect.use.verdict import verdict

    found = verdict(detector, clip)
    table = _course(detector, clip, found)
    scores = counting(table, found["limit"])["llr"]
    low, high, basis = _interval(detector, clip, found, scores, seed)
    return Opinion(name, found, low, high, basis, table, detector.training.get("dev", {}))


def _course(detector, clip, found):
    """Return the score of each window: what the verdict on a long recording rests on already."""
    from detect.use.streaming import timeline

    if found["timeline"]:
        return pd.DataFrame(found["timeline"]).astype(float)
    return timeline(detector, clip.samples, clip.rate)


def _interval(detector, clip, found, scores, seed):
    """Return an interval of the score: over windows of a long clip, else over small changes.

    Where all changes move the score to one side, it reaches from the score itself.
    """
    if found["llr"] is None:
        return None, None, ""
    if len(scores) >= FEWEST:
        values = scores.to_numpy()
        pairs = np.arange(len(values)) // 2  # neighbours overlap by half
        drawn = interval(lambda index: values[index].mean(), pairs, level=LEVEL, seed=seed)
        return drawn.low, drawn.high, f"{len(values)} windows of the recording, drawn in pairs"
    from detect.use.verdict import verdicts

    copies = _copies(clip, rng(seed, "copies", clip.name))
    scored = [one["llr"] for one in verdicts(detector, copies) if one["llr"] is not None]
    low, high = np.quantile(scored, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    words = f"{len(scored)} copies, up to {CUT} s cut at each end, noise {NOISE:g} dB below"
    return min(float(low), found["llr"]), max(float(high), found["llr"]), words


def _copies(clip, generator):
    """Return copies of a clip that a listener would take for the same."""
    longest = min(int(CUT * clip.rate), len(clip.samples) // 4)
    level = clip.samples.std() * 10 ** (-NOISE / 20)
    made = []
    for start, end in generator.integers(0, longest + 1, (COPIES, 2)):
        kept = clip.samples[start : len(clip.samples) - end]
        made.append(make_clip(kept + level * generator.standard_normal(len(kept)), clip.rate))
    return made
