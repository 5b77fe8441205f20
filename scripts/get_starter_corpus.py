"""Build the starter corpus: real speech of many people, fake speech of real engines, no account.

Downloads Debian packages as an ordinary user, unpacks them, copies and synthesises speech, brings
both classes into one channel and lists every clip in a manifest with its speaker, text, language,
engine, source and licence. What is there already is not made again; an interrupted build goes on.

  python scripts/get_starter_corpus.py                        size quick, in the cache folder
  python scripts/get_starter_corpus.py --size full --folder ~/corpus
  python scripts/get_starter_corpus.py --mirror ADDRESS       where there is no apt-get
"""

import sys
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from experiment.command import run_command


@dataclass(frozen=True)
class Config:
    """What to build.

    Attributes
    ----------
    size : {"tiny", "quick", "full"}
        tiny for tests, quick for the main job, full for research.
    folder : str, optional
        Where to; the platform's cache folder by default.
    workers : int, optional
        Processes; one a core by default.
    seed : int
        Seed of every draw.
    mirror : str, optional
        Address of a Debian archive (what stands before /pool), or a folder with the packages.
    any_version : bool
        Take the version that the machine's archive offers where it no longer has the pinned one.
    json : bool
        Print one JSON object instead of tables.
    """

    size: str = "quick"
    folder: str | None = None
    workers: int | None = None
    seed: int = 0
    mirror: str | None = None
    any_version: bool = False
    json: bool = False


def main(config):
    """Build the corpus and print what is in it."""
    from audio.datasets import DATASETS
    from audio.datasets.starter.summary import summary

    options = {k: v for k, v in vars(config).items() if k != "json"}
    frame = DATASETS["starter"](**options)
    if config.json:
        from experiment.files import dumps

        print(dumps({name: table.to_dict("records") for name, table in summary(frame).items()}))
        return
    for name, table in summary(frame).items():
        print(f"{name}\n{table.to_string(index=False)}\n")


if __name__ == "__main__":
    run_command(main, Config, __doc__)
