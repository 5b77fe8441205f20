"""Explain a detector's decision on sound files: one offline page per file.

Each page shows the spectrogram in seconds and Hz, the map of each method, the evidence by band,
players of what the detector heard and of what is left, and how far the maps can be trusted.

  fake-audio explain clip.wav --model runs/quick/detectors/cnn --out explained
  fake-audio explain *.wav --model M --method '[gradcam, lime, shap]' --target spoof
"""

from dataclasses import dataclass, field
from pathlib import Path

from fake_audio.options import summary


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to explain.

    Attributes
    ----------
    files : list of str
        Sound or video files, or folders with them.
    model : str
        Folder of a saved detector.
    method : list of str
        Explainers listed above; all by default, as far as they can explain the detector.
    out : str
        Folder of the pages.
    target : str
        Class whose evidence is shown: bonafide, spoof, or what the detector decided.
    seed : int
        Seed of the explainers.
    """

    files: tuple[str, ...] = field(metadata={"positional": "+"})
    model: str
    method: tuple[str, ...] | str = "all"
    out: str = "explained"
    target: str = "decision"
    seed: int = 0


def main(settings):
    """Explain every file and print where its page lies; 3 where none can be explained."""
    from audio.clip import read_clip
    from detect.use.batch import attempt, expand
    from detect.use.loading import load
    from experiment.errors import choose
    from experiment.progress import shown, track
    from xai import EXPLAINERS
    from xai.page import explain_case, open_case, write_case
    from xai.runner import TARGETS

    methods = (settings.method,) if isinstance(settings.method, str) else settings.method
    methods = tuple(EXPLAINERS) if methods == ("all",) else methods
    for method in methods:
        choose(method, EXPLAINERS, "explanation method")
    choose(settings.target, {"decision": None, **TARGETS}, "target")
    detector = load(settings.model)

    def explain(path):
        clip = read_clip(path, rate=detector.rate)
        case = open_case(detector, clip, path.name, settings.target)
        found, refused = explain_case(detector, case, methods, settings.seed)
        page = Path(settings.out, f"{path.stem[:100]}-{clip.name[:8]}.html")
        write_case(page, detector, case, found, refused, settings.seed)
        print(shown(page), flush=True)

    files = track(expand(settings.files), "explaining")
    return 0 if attempt(explain, files) else 3


def registries():
    """Return the explainers that there are, with one line each."""
    from xai import EXPLAINERS

    return {"explainers": {name: summary(entry) for name, entry in EXPLAINERS.items()}}
