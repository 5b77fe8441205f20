"""Tell bona fide from fake sound: files, folders, long recordings, or sound as it arrives.

Prints a verdict, the calibrated log-likelihood ratio (higher means bona fide), the threshold from
dev, what the number means, and whether the sound lies outside what the detector was trained on. A
recording of more than two windows is judged in all its parts, and the seconds that are called spoof
are named. Verdicts are printed as they come; --out keeps them as well, and --resume goes on.

  fake-audio detect clip.wav
  fake-audio detect FOLDER --csv > verdicts.csv
  fake-audio detect interview.mp3 --out timelines
  fake-audio detect ARCHIVE --out judged --csv > verdicts.csv  # killed? add --resume
  fake-audio detect FOLDER --prior 0.01  # one in a hundred is a spoof
  fake-audio detect FOLDER --model runs/quick/detectors/cnn-augmented-0 --json
  arecord -f S16_LE -r 16000 -c 1 | fake-audio detect -
  fake-audio detect microphone
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from detect.use.default import DEFAULT
from experiment.options import Output

LIVE = ("-", "microphone")


@dataclass(frozen=True, kw_only=True)
class Settings(Output):
    """What to judge, and by which detector.

    Attributes
    ----------
    files : list of str
        Sound or video files, or folders with them; "-" for sound on standard input (a WAV stream or
        raw PCM), "microphone" for the microphone.
    model : str
        Folder of a trained detector, or the name of one that comes with the package.
    csv : bool
        Print a table of comma-separated values instead of text.
    out : str
        Folder for the record of each file (verdicts.jsonl), and a timeline (picture and table) of
        each recording of more than two windows.
    resume : bool
        Go on with the records in `out`: what has one is not judged again.
    prior : float, optional
        Probability of a spoof before anything is heard; chooses the threshold (log-likelihood
        ratios stay as they are) and adds the probability of a spoof to each verdict.
    step : float
        Seconds from one window to the next on long and live sound; half a window by default.
    rate : int
        Hz of raw PCM on standard input.
    channels : int
        Of raw PCM on standard input.
    encoding : str
        Of raw PCM on standard input: s16 or f32, little-endian.
    """

    files: list[str] = field(metadata={"positional": "+"})
    model: str = DEFAULT
    csv: bool = False
    out: str | None = None
    resume: bool = False
    prior: float | None = None
    step: float | None = None
    rate: int = 16000
    channels: int = 1
    encoding: str = "s16"


def main(settings):
    """Judge what is asked for; 3 where nothing can be judged."""
    require_sense(settings)
    from detect.use.batch import expand, judge
    from detect.use.loading import load
    from detect.use.prior import at_prior

    detector = load(settings.model)
    if settings.prior is not None:
        detector = at_prior(detector, settings.prior)
    if settings.files[0] in LIVE:
        return _listen(detector, settings)
    paths = expand(settings.files)
    count = judge(
        detector, paths, form(settings), settings.out, settings.step, resume=settings.resume
    )
    return 0 if count else 3


def form(settings):
    """Return how the verdicts are printed: text, csv or json."""
    return "json" if settings.json else "csv" if settings.csv else "text"


def require_sense(settings):
    """Refuse settings that contradict each other or are out of range, before anything is loaded."""
    from audio.decoding import check_format
    from audio.live import RAW
    from experiment.errors import UsageError, choose

    if settings.json and settings.csv:
        raise UsageError("--json and --csv exclude each other")
    live = [name for name in settings.files if name in LIVE]
    if live and len(settings.files) > 1:
        raise UsageError(f"{live[0]} stands alone. Received: {' '.join(settings.files)}")
    if settings.step is not None and not 0 < settings.step < float("inf"):
        raise UsageError(f"step must be positive. Received: {settings.step}")
    if settings.resume and not settings.out:
        raise UsageError("--resume goes on with the verdicts in a folder: name it with --out")
    if settings.out and Path(settings.out).is_file():
        raise UsageError(f"{settings.out} is a file; --out takes a folder")
    choose(settings.encoding, RAW, "encoding")
    try:
        check_format("standard input", settings.rate, settings.channels, 0)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _listen(detector, settings):
    from audio.live import microphone, pipe
    from detect.use.lines import window
    from detect.use.streaming import listen, load_of
    from experiment.progress import say

    step = settings.step or detector.front_end.seconds / 2
    shape = {"channels": settings.channels, "encoding": settings.encoding}
    if settings.files[0] == "-":
        blocks = pipe(sys.stdin.buffer, detector.rate, source_rate=settings.rate, **shape)
    else:
        blocks = microphone(detector.rate)
    heard = []
    try:
        for one in listen(detector, blocks, step):
            heard.append(one)
            print(window(detector, one, form(settings), first=len(heard) == 1), flush=True)
    finally:
        say(_pace(load_of(heard, step)))
    return 0 if heard else 3


def _pace(load):
    if not load["windows"]:
        return "less than one window of sound arrived"
    return (
        f"{load['windows']} windows, latency p50 {1000 * load['latency_p50']:.1f} ms, "
        f"p95 {1000 * load['latency_p95']:.1f} ms, real-time factor {load['real_time_factor']:.4f}"
        + (": SLOWER THAN THE SOUND" if load["real_time_factor"] > 1 else "")
    )
