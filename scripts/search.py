"""Search the cells of a detector (PC-DARTS) on the training clips of a manifest.

Writes a JSON file of the cells after every epoch; --resume goes on after an interruption. Train
them like any other detector, with the model pcdarts or pcdarts_lstm and the option genotype=FILE.

  python scripts/search.py --out cells.json                      on the starter corpus
  python scripts/search.py --out cells.json --data m.parquet --epochs 50 --warmup 15
"""

import sys
from dataclasses import dataclass, fields
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # scripts/detect.py must not hide the package

from detect.search.differentiable import SearchConfig
from experiment.command import run_command
from experiment.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Settings(SearchConfig):
    """What to search on and where to write; the rest describes the search.

    Attributes
    ----------
    out : str
        JSON file to write.
    data : str, optional
        Manifest, real/ and fake/ folder or the folder of a published data set; the starter corpus
        by default.
    dataset : str, optional
        Which published data set `data` is.
    corpus : str
        Size of the starter corpus.
    resume : bool
        Go on with the interrupted search of `out`.
    force : bool
        Overwrite `out`.
    """

    out: str
    data: str | None = None
    dataset: str | None = None
    corpus: str = "quick"
    resume: bool = False
    force: bool = False


def main(settings):
    """Search, write and print the cells."""
    from audio.datasets import DATASETS, read
    from audio.frontends import LogMel
    from detect.search.differentiable import checkpoint_of, search
    from detect.training.features import is_real, of_manifest

    unfinished = settings.resume and checkpoint_of(settings.out).exists()
    if Path(settings.out).exists() and not (settings.force or unfinished):
        raise UsageError(f"{settings.out} is there already; pass --force or choose another file")
    config = SearchConfig(**{f.name: getattr(settings, f.name) for f in fields(SearchConfig)})
    if settings.data:
        frame = read(settings.data, settings.dataset)
    else:
        frame = DATASETS["starter"](settings.corpus)
    frame = frame[frame["split"] == "train"]
    real = is_real(frame, "training set")
    found = search(of_manifest(LogMel(), frame), real, config, settings.out, settings.resume)
    for kind in ("normal", "reduce"):
        print(kind, *(f"{name}({source})" for name, source in found[kind]))


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
