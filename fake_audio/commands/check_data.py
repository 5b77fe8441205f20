"""Is this copy of a data set whole?

Compares the clips that are there with the official counts, names what is missing, what cannot be
read and what does not belong, and says what that means. Reads every header, and a sample of the
clips to the end. Exit code 0 if the copy is whole, 3 if not.

  fake-audio check-data asvspoof2019_la ~/data/LA
  fake-audio check-data in_the_wild ~/data/release_in_the_wild --save itw.parquet
"""

from dataclasses import dataclass, field

from experiment.options import Output

SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Settings(Output):
    """What to check.

    Attributes
    ----------
    dataset : str
        One of the data sets listed above.
    path : str
        The folder that its archive unpacks to.
    sample : int
        Clips that are decoded to the end.
    seed : int
        Which clips these are.
    save : str, optional
        Write the manifest of what can be read to this .parquet or .csv file; every other command
        takes it.
    """

    dataset: str = field(metadata={"positional": None})
    path: str = field(metadata={"positional": None})
    sample: int = 200
    seed: int = 0
    save: str | None = None


def main(settings):
    """Print counts, faults and the verdict."""
    from audio.datasets import DATASETS
    from audio.datasets.check import check
    from audio.manifest import save
    from experiment.files import dumps

    frame, found = check(settings.dataset, settings.path, settings.sample, settings.seed)
    if settings.save:
        save(frame, settings.save)
    if settings.json:
        print(dumps({"dataset": settings.dataset, "whole": not found["faults"], **found}))
    else:
        print(_text(DATASETS[settings.dataset], frame, found))
    return 3 if found["faults"] else 0


def _text(entry, frame, found):
    lines = [f"{entry.title}: {len(frame)} clips, {frame['duration'].sum() / 3600:.1f} hours"]
    for row in found["counts"]:
        official = "no official count known" if row["official"] is None else f"of {row['official']}"
        lines.append(f"  {row['split']:5s} {row['label']:8s} {row['found']:>7d} {official}")
    if found["extra"]:
        lines.append(
            f"  {len(found['extra'])} sound files more, which the data set does not list and no "
            f"command reads: {', '.join(found['extra'][:SHOWN])}"
        )
    lines += [f"fault: {fault}" for fault in found["faults"]]
    if not found["faults"]:
        lines.append(f"whole; {found['sampled']} clips were decoded to the end")
    return "\n".join(lines)


def registries():
    """Return the data sets that there are, with their titles."""
    from audio.datasets import DATASETS

    return {"data sets": {name: entry.title for name, entry in DATASETS.items()}}
