"""Long and live sound: a detector's window slides over it, and each position gets a score.

A window below `QUIET`, and one that is not sound, has no score: it says nothing about who made it.
"""

import time
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from audio.clip import LOUDEST, RATE
from audio.dsp import rms
from detect.use.detector import BATCH
from detect.use.soundness import unsound
from experiment.errors import DataError, UsageError

QUIET = 1e-3  # root mean square, 60 dB below full scale
COLUMNS = ["start", "end", "llr", "distance"]


def timeline(detector, samples, rate=RATE, step=None):
    """Return what a detector says about each part of a recording.

    Parameters
    ----------
    detector : Detector
        Calibrated.
    samples : ndarray [n]
        Mono sound at the detector's rate.
    rate : int
        In Hz.
    step : float, optional
        Seconds from one window to the next; half a window by default.

    Returns
    -------
    DataFrame
        A row a window, in the order of time: ``start`` and ``end`` in seconds, ``llr`` (NaN where
        there is nothing to judge), ``distance`` from the training clips (NaN without a domain).
        Where the step does not divide the recording the last window reaches back to end with it.

    Raises
    ------
    DataError
        If the rate is not the detector's.
    UsageError
        If `step` is not positive.
    """
    window = detector.front_end.seconds
    step = window / 2 if step is None else step
    if not step > 0:
        raise UsageError(f"step must be positive. Received: {step}")
    if rate != detector.rate:
        raise DataError(f"sound at {rate} Hz, the detector takes {detector.rate} Hz; resample it")
    starts = _starts(len(samples) / rate, window, step)
    cut = detector.front_end.samples
    firsts = np.round(starts * rate).astype(int)
    rows = []
    for begin in range(0, len(firsts), BATCH):
        parts = [samples[first : first + cut] for first in firsts[begin : begin + BATCH]]
        rows += score_windows(detector, parts)
    ends = np.minimum(starts + window, len(samples) / rate)
    table = pd.DataFrame(rows, columns=COLUMNS[2:])
    return table.assign(start=starts, end=ends)[COLUMNS]


def _starts(seconds, window, step):
    last = max(seconds - window, 0.0)
    starts = np.arange(0, last + 1e-9, step)
    return starts if last - starts[-1] < 1e-6 else np.append(starts, last)


def score_windows(detector, parts):
    """Return ratio and distance of each window, list of (float, float)."""
    loud = [k for k, part in enumerate(parts) if _loud(part) and not unsound(part, detector.rate)]
    found = np.full((len(parts), 2), np.nan)
    if loud:
        features = detector.front_end.batch([parts[k] for k in loud])
        found[loud, 0] = detector.calibration(detector.logits(features))
        if detector.domain is not None:
            found[loud, 1] = detector.domain.distance(features)
    return [tuple(row) for row in found]


def _loud(part):
    """Whether a window holds finite samples, within the bound, and is not quiet."""
    highest = np.abs(part).max()
    return highest <= LOUDEST and rms(part) >= QUIET


def counting(table, limit=None):
    """Return the windows that count for a verdict on a whole recording.

    Where half of the windows or more lie within what the detector was trained on, the others have
    no say: a few windows that are noise or a tone would outweigh all speech.

    Parameters
    ----------
    table : DataFrame
        From `timeline`.
    limit : float, optional
        Of the detector's domain.

    Returns
    -------
    DataFrame
        Some rows of the table; those without a finite score are never among them.
    """
    heard = table[np.isfinite(table["llr"].astype(float))]
    if limit is None:
        return heard
    inside = heard[heard["distance"] <= limit]
    return inside if 2 * len(inside) >= len(heard) else heard


def stretches(table, threshold):
    """Return the seconds of a recording that a detector calls fake.

    Parameters
    ----------
    table : DataFrame
        From `timeline`.
    threshold : float
        Windows that score less are called fake.

    Returns
    -------
    list of (float, float)
        Start and end in seconds. A window speaks for the time that is nearer to its centre than to
        the centre of another, so an edge is known to about one step.
    """
    centres = (table["start"] + table["end"]).to_numpy() / 2
    between = (centres[1:] + centres[:-1]) / 2
    edges = np.concatenate([table["start"][:1], between, table["end"][-1:]])
    fake = (table["llr"] < threshold).to_numpy()
    changes = np.flatnonzero(np.diff(np.concatenate([[False], fake, [False]]).astype(int)))
    return [(float(edges[a]), float(edges[b])) for a, b in changes.reshape(-1, 2)]


def draw(table, threshold, title="", limit=None):
    """Return a figure of a timeline.

    Parameters
    ----------
    table : DataFrame
        From `timeline`.
    threshold : float
        Of the detector.
    title : str
        Above the plot.
    limit : float, optional
        Of the detector's domain: windows that lie beyond are drawn hollow.

    Returns
    -------
    matplotlib.figure.Figure
        The ratio over time; what is called fake is shaded.
    """
    from audio.draw import pyplot

    figure, axes = pyplot().subplots(figsize=(9, 2.8), layout="constrained")
    centres = (table["start"] + table["end"]) / 2
    axes.plot(centres, table["llr"], color="0.3", linewidth=1)
    outside = table["distance"] > (np.inf if limit is None else limit)
    for chosen, face, label in ((~outside, "0.3", None), (outside, "white", "outside")):
        if chosen.any():
            axes.plot(
                centres[chosen], table["llr"][chosen], "o", color="0.3", markerfacecolor=face,
                markersize=4, label=label,
            )  # fmt: skip
    axes.axhline(threshold, color="tab:red", linewidth=1, label="threshold")
    for index, (start, end) in enumerate(stretches(table, threshold)):
        label = None if index else "called fake"
        axes.axvspan(start, end, color="tab:red", alpha=0.2, linewidth=0, label=label)
    axes.set(xlabel="time (s)", ylabel="LLR (bona fide up)", xlim=(0, table["end"].max()))
    axes.set_title(title, fontsize=10)
    axes.legend(loc="upper right", fontsize=8)
    return figure


# ------------------------------------------------------------------ live


@dataclass(frozen=True)
class Heard:
    """One window of live sound.

    Attributes
    ----------
    start, end : float
        Seconds since the beginning.
    llr, distance : float
        As in `timeline`.
    latency : float
        Seconds from the arrival of the window's last sample to its score.
    busy : float
        Seconds of computing.
    """

    start: float
    end: float
    llr: float
    distance: float
    latency: float
    busy: float

    def to_dict(self):
        """Return the fields as a plain dict."""
        return asdict(self)


def listen(detector, blocks, step=0.5):
    """Score sound while it arrives.

    Parameters
    ----------
    detector : Detector
        Calibrated.
    blocks : iterable of ndarray [n]
        Mono sound at the detector's rate, in the order of time, of any lengths; a block counts as
        arrived when the iterator hands it over.
    step : float
        Seconds from one window to the next.

    Yields
    ------
    Heard
        A window every `step` seconds, the first when a whole window has arrived. Memory holds one
        window and one block.
    """
    cut = detector.front_end.samples
    stride = max(round(step * detector.rate), 1)
    score_windows(detector, [np.full(cut, 0.1, np.float32)])  # compiles before the clock runs
    kept, first = np.zeros(0, np.float32), 0
    for block in blocks:
        arrived = time.perf_counter()
        kept = np.concatenate([kept, np.asarray(block, np.float32)])
        while len(kept) >= cut:
            began = time.perf_counter()
            [(score, far)] = score_windows(detector, [kept[:cut]])
            done = time.perf_counter()
            place = first / detector.rate, (first + cut) / detector.rate
            yield Heard(*place, score, far, done - arrived, done - began)
            kept, first = kept[stride:], first + stride


def load_of(heard, step):
    """Return how well scoring keeps pace.

    Parameters
    ----------
    heard : sequence of Heard
        From `listen`.
    step : float
        Seconds of sound from one window to the next.

    Returns
    -------
    dict
        windows, latency_p50 and latency_p95 in seconds, real_time_factor (computing over sound:
        above 1 the detector falls behind); None where nothing was heard.
    """
    if not heard:
        return {"windows": 0, "latency_p50": None, "latency_p95": None, "real_time_factor": None}
    middle, high = np.quantile([window.latency for window in heard], [0.5, 0.95])
    busy = sum(window.busy for window in heard)
    return {
        "windows": len(heard),
        "latency_p50": float(middle),
        "latency_p95": float(high),
        "real_time_factor": busy / (step * len(heard)),
    }
