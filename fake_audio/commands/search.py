"""Search the cells of a detector (PC-DARTS) on the training clips of a manifest.

Writes a JSON file of the cells after every epoch; --resume goes on after an interruption. Train
them like any other detector, with the model pcdarts or pcdarts_lstm and the option genotype=FILE.

  fake-audio search --out cells.json                      on the starter corpus
  fake-audio search --out cells.json --data m.parquet --epochs 50 --warmup 15
"""

from dataclasses import dataclass, fields
from pathlib import Path

from detect.search.differentiable import SearchConfig
from experiment.errors import DataError, UsageError
from experiment.options import Resumable
from fake_audio.options import Data


@dataclass(frozen=True, kw_only=True)
class Settings(SearchConfig, Data, Resumable):
    """What to search on (the starter corpus where no data are named) and where to write.

    Attributes
    ----------
    out : str
        JSON file to write.
    corpus : str
        Size of the starter corpus.
    """

    out: str
    data: str | None = None  # type: ignore[assignment]
    corpus: str = "quick"


def main(settings):
    """Search, write and print the cells."""
    from audio.datasets import DATASETS
    from audio.frontends import LogMel
    from detect.evaluation.intervals import is_real
    from detect.search.differentiable import checkpoint_of, search
    from detect.use.features import of_manifest

    unfinished = settings.resume and checkpoint_of(settings.out).exists()
    if settings.force:
        require_cells(settings.out)
    if Path(settings.out).exists() and not (settings.force or unfinished):
        raise UsageError(f"{settings.out} is there already; pass --force or choose another file")
    config = SearchConfig(**{f.name: getattr(settings, f.name) for f in fields(SearchConfig)})
    frame = settings.frame() if settings.data else DATASETS["starter"](settings.corpus)
    frame = frame[frame["split"] == "train"]
    real = is_real(frame, "training set")
    found = search(of_manifest(LogMel(), frame), real, config, settings.out, settings.resume)
    for kind in ("normal", "reduce"):
        print(kind, *(f"{name}({source})" for name, source in found[kind]))


def require_cells(path):
    """Refuse to overwrite a file that is not the result of a search."""
    from experiment.files import read_json

    if not Path(path).exists():
        return
    try:
        ours = {"normal", "reduce"} <= set(read_json(path))
    except (DataError, TypeError):
        ours = False
    if not ours:
        raise UsageError(f"{path} holds no cells of a search: it is kept; choose another file")
