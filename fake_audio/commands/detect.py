"""Tell bona fide from fake sound: files, folders, long recordings, or sound as it arrives.

Prints a verdict, the calibrated log-likelihood ratio (higher means bona fide), the threshold from
dev, what the number means, and whether the sound lies outside what the detector was trained on. A
recording of more than two windows is judged in all its parts, and the seconds that are called fake
are named.

  fake-audio detect clip.wav
  fake-audio detect FOLDER --csv > verdicts.csv
  fake-audio detect interview.mp3 --out timelines
  fake-audio detect FOLDER --model runs/quick/detectors/cnn-augmented-0 --json
  arecord -f S16_LE -r 16000 -c 1 | fake-audio detect -
  fake-audio detect microphone
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from experiment.options import Output

LIVE = ("-", "microphone")
TABLE = ("verdict", "llr", "threshold", "outside", "distance", "limit", "seconds", "judged")


@dataclass(frozen=True, kw_only=True)
class Settings(Output):
    """What to judge, and by which detector.

    Attributes
    ----------
    files : list of str
        Sound files, or folders with sound files; "-" for sound on standard input (a WAV stream or
        raw PCM), "microphone" for the microphone.
    model : str
        Folder of a trained detector, or the name of one that comes with the package.
    csv : bool
        Print a table of comma-separated values instead of text.
    out : str
        Folder for a timeline (picture and table) of each recording of more than two windows.
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
    model: str = "starter"
    csv: bool = False
    out: str | None = None
    step: float | None = None
    rate: int = 16000
    channels: int = 1
    encoding: str = "s16"


def main(settings):
    """Judge what is asked for; 3 where nothing can be judged."""
    from detect.use.loading import load
    from experiment.errors import UsageError

    if settings.json and settings.csv:
        raise UsageError("--json and --csv exclude each other")
    names = list(settings.files)
    live = [name for name in names if name in LIVE]
    if live and len(names) > 1:
        raise UsageError(f"{live[0]} stands alone. Received: {' '.join(names)}")
    detector = load(settings.model)
    return _listen(detector, settings) if live else _judge(detector, settings)


# ------------------------------------------------------------------ files


def _judge(detector, settings):
    from detect.use.verdict import judge_files
    from experiment.progress import track

    paths = list(_expand(settings.files))
    results, rejects = [], []
    for result in track(judge_files(detector, paths, settings.step), "judging", len(paths)):
        bad = "reason" in result
        (rejects if bad else results).append(result)
        if bad:
            print(f"error: {result['reason']}", file=sys.stderr)
        elif settings.out and result["timeline"]:
            _keep(detector, result, Path(settings.out))
    _show(detector, results, rejects, settings)
    return 0 if results else 3


def _expand(names):
    from audio.manifest import audio_files

    for name in names:
        yield from audio_files(name) if Path(name).is_dir() else [Path(name)]


def _show(detector, results, rejects, settings):
    import pandas as pd

    from experiment.files import dumps

    if settings.json:
        about = {"model": detector.model, "digest": detector.digest, "rate": detector.rate}
        print(dumps({"detector": about, "results": results, "rejects": rejects}))
    elif settings.csv:
        pd.DataFrame(results, columns=["file", *TABLE]).to_csv(sys.stdout, index=False)
    else:
        print("\n".join(map(_line, results)))


def _line(result):
    if result["llr"] is None:
        return f"{result['file']}: no sound to judge"
    parts = [result["meaning"]]
    if result["judged"] < result["seconds"]:
        parts += [f"judged by {result['judged']:.3g} s of {result['seconds']:.3g} s"]
    if result["fake"]:
        parts += ["called fake: " + ", ".join(f"{a:.1f}-{b:.1f} s" for a, b in result["fake"])]
    if result["outside"]:
        parts += [_outside(result["distance"], result["limit"])]
    parts += result["flags"]
    return (
        f"{result['file']}: {result['verdict']} (LLR {result['llr']:+.2f}, "
        f"fake below {result['threshold']:+.2f}): {'; '.join(parts)}"
    )


def _outside(distance, limit):
    return (
        f"OUTSIDE what the detector was trained on (distance {distance:.2f}, limit {limit:.2f}), "
        "do not rely on it"
    )


def _keep(detector, result, folder):
    import pandas as pd

    from detect.use.streaming import draw
    from experiment.files import atomic, digest, write_text

    table = pd.DataFrame(result["timeline"]).astype(float)
    name = f"{Path(result['file']).stem}-{digest(result['file'])[:8]}"
    write_text(folder / f"{name}.csv", table.to_csv(index=False))
    figure = draw(table, detector.threshold, Path(result["file"]).name, result["limit"])
    with atomic(folder / f"{name}.png") as temporary:
        figure.savefig(temporary, dpi=120)


# ------------------------------------------------------------------ live


def _listen(detector, settings):
    from audio.live import microphone, pipe
    from detect.use.streaming import listen, load_of
    from experiment.progress import say

    step = settings.step or detector.front_end.seconds / 2
    form = {"channels": settings.channels, "encoding": settings.encoding}
    if settings.files[0] == "-":
        blocks = pipe(sys.stdin.buffer, detector.rate, source_rate=settings.rate, **form)
    else:
        blocks = microphone(detector.rate)
    heard = []
    try:
        for window in listen(detector, blocks, step):
            heard.append(window)
            print(_window(detector, window, settings, first=len(heard) == 1), flush=True)
    finally:
        say(_pace(load_of(heard, step)))
    return 0 if heard else 3


def _window(detector, window, settings, first):
    import json

    from detect.use.verdict import called

    values = {k: None if v != v else round(v, 6) for k, v in window.to_dict().items()}
    quiet = values["llr"] is None
    limit = detector.domain.level if detector.domain is not None else None
    values["verdict"] = "no sound" if quiet else called(window.llr, detector.threshold)
    values["outside"] = None if quiet or limit is None else window.distance > limit
    if settings.json:
        return json.dumps(values)
    if settings.csv:
        line = ",".join("" if value is None else str(value) for value in values.values())
        return f"{','.join(values)}\n{line}" if first else line
    score = "" if quiet else f" (LLR {window.llr:+.2f})"
    odd = "; " + _outside(window.distance, limit) if values["outside"] else ""
    return f"{window.start:.1f}-{window.end:.1f} s: {values['verdict']}{score}{odd}"


def _pace(load):
    if not load["windows"]:
        return "less than one window of sound arrived"
    return (
        f"{load['windows']} windows, latency p50 {1000 * load['latency_p50']:.1f} ms, "
        f"p95 {1000 * load['latency_p95']:.1f} ms, real-time factor {load['real_time_factor']:.4f}"
        + (": SLOWER THAN THE SOUND" if load["real_time_factor"] > 1 else "")
    )
