"""Tell bona fide from fake sound files.

Prints a verdict, the calibrated log-likelihood ratio (higher means bona fide), the threshold from
dev, and what the number means.

  python scripts/detect.py clip.wav --model runs/quick/detectors/cnn-augmented-0
  python scripts/detect.py FOLDER --model runs/quick/detectors/cnn-augmented-0 --json
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # scripts/detect.py must not hide the package

from experiment.command import run_command


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to judge, and by which detector.

    Attributes
    ----------
    files : list of str
        Sound files, or folders with sound files.
    model : str
        Folder of a trained detector.
    json : bool
        Print one JSON object instead of text.
    """

    files: list[str] = field(metadata={"positional": "+"})
    model: str
    json: bool = False


def main(settings):
    """Judge every file that can be read; 3 where none can."""
    from detect.detector import Detector
    from experiment.files import dumps

    detector = Detector.load(settings.model)
    results, rejects = _judge_all(detector, _expand(settings.files))
    if settings.json:
        about = {"model": detector.model, "digest": detector.digest, "rate": detector.rate}
        print(dumps({"detector": about, "results": results, "rejects": rejects}))
    else:
        print("\n".join(map(_line, results)))
    return 0 if results else 3


def _expand(names):
    from audio.manifest import audio_files

    for name in names:
        yield from audio_files(name) if Path(name).is_dir() else [Path(name)]


def _judge_all(detector, paths):
    from detect.verdict import judge
    from experiment.errors import DataError
    from experiment.progress import track

    results, rejects = [], []
    for path in track(list(paths), "judging"):
        try:
            results.append(judge(detector, path))
        except DataError as error:
            rejects.append({"file": str(path), "reason": str(error)})
            print(f"error: {error}", file=sys.stderr)
    return results, rejects


def _line(result):
    part = ""
    if result["judged"] < result["seconds"]:
        part = f"; judged by {result['judged']:.3g} s of {result['seconds']:.3g} s"
    odd = f"; {', '.join(result['flags'])}" if result["flags"] else ""
    return (
        f"{result['file']}: {result['verdict']} (LLR {result['llr']:+.2f}, "
        f"fake below {result['threshold']:+.2f}): {result['meaning']}{part}{odd}"
    )


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
