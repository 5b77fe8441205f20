"""Build the starter corpus: real speech of many people, fake speech of real engines, no account.

Downloads Debian packages as an ordinary user, unpacks them, cuts their real speech into clips,
copies these by vocoders and a codec, lets engines speak, and lists every clip in a manifest with
its speaker, text, language, engine, source and licence. What is there already is not made again; an
interrupted build goes on.

  fake-audio get-starter-corpus                        size quick, in the cache folder
  fake-audio get-starter-corpus --size full --folder ~/corpus
  fake-audio get-starter-corpus --mirror ADDRESS       where there is no apt-get
"""

from dataclasses import dataclass

from experiment.options import Output


@dataclass(frozen=True, kw_only=True)
class Settings(Output):
    """What to build.

    Attributes
    ----------
    size : {"tiny", "quick", "full"}
        tiny for tests, quick for the main job, full for research.
    folder : str, optional
        Where to; the platform's cache folder by default.
    workers : int, optional
        Processes; one per core by default.
    seed : int
        Seed of every draw.
    mirror : str, optional
        Address of a Debian archive (what stands before /pool), or a folder with the packages.
    any_version : bool
        Take the version that the machine's archive offers where it no longer has the pinned one.
    """

    size: str = "quick"
    folder: str | None = None
    workers: int | None = None
    seed: int = 0
    mirror: str | None = None
    any_version: bool = False


def main(settings):
    """Build the corpus and print what is in it."""
    from audio.datasets import DATASETS
    from audio.datasets.starter.summary import summary

    options = {k: v for k, v in vars(settings).items() if k != "json"}
    frame = DATASETS["starter"](**options)
    if settings.json:
        from experiment.files import dumps

        print(dumps({name: table.to_dict("records") for name, table in summary(frame).items()}))
        return
    for name, table in summary(frame).items():
        print(f"{name}\n{table.to_string(index=False)}\n")
