"""Turn real speech into matched fakes: the same speaker, words, timing, length, level and format.

Any folder, manifest or data set of real speech is copied by vocoders: one drawn for each clip,
several (--per-clip 2), or all of them (--each). A copy differs from its original by the vocoder
alone: both have the same band, low end, mean spectrum, envelope, crest and level. So the originals
are written too, cut off at half of the lowest rate of the vocoders; train on these and not on the
files that they come from. The manifest names the original of each copy in `copy_of`; splits,
speakers and texts stay.

  fake-audio vocode recordings/ --out runs/copies
  fake-audio vocode recordings/ --with vocos,hifigan,codec --each --out runs/copies
  fake-audio vocode ~/data/LA --dataset asvspoof2019_la --with world,runs/myvocoder
  fake-audio vocode recordings/ --out runs/copies --resume
"""

from dataclasses import dataclass, field

from experiment.options import Resumable


@dataclass(frozen=True, kw_only=True)
class Settings(Resumable):
    """What to copy, and by what.

    Attributes
    ----------
    data : str
        A manifest, a folder of real speech, or the folder of a data set.
    dataset : str, optional
        Which published data set it is.
    by : str
        Vocoders listed above, or folders of trained ones, with commas between; ``codec:4`` is a
        codec with 4 of its codebooks.
    per_clip : int
        How many of the vocoders copy each clip.
    each : bool
        Every vocoder copies every clip.
    originals : bool
        Write the originals, band-limited as their copies are.
    out : str
        Folder to write: original/, a folder for each vocoder, manifest.parquet, rejects.csv.
    workers : int
        Processes on this machine; one uses all cores already, except for WORLD.
    scheduler : str, optional
        Address of a running dask scheduler, for many machines.
    seed : int
        Of which vocoder copies which clip.
    """

    data: str = field(metadata={"positional": None})
    dataset: str | None = None
    by: str = field(default="vocos", metadata={"short": "--with"})
    per_clip: int = 1
    each: bool = False
    originals: bool = True
    out: str = "copies"
    workers: int = 1
    scheduler: str | None = None
    seed: int = 0


def main(settings):
    """Copy, and print the path of the manifest."""
    from audio.datasets import read
    from gan.vocoding import Plan, vocode

    names = tuple(name.strip() for name in settings.by.split(",") if name.strip())
    vocode(
        read(settings.data, settings.dataset),
        Plan(
            names, None if settings.each else settings.per_clip, settings.originals, settings.seed
        ),
        settings.out,
        workers=settings.workers,
        scheduler=settings.scheduler,
        resume=settings.resume,
        force=settings.force,
    )
    print(f"{settings.out}/manifest.parquet")


def registries():
    """Return the vocoders that there are."""
    from gan.copying import described

    return {"vocoders": described()}
