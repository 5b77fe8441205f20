"""Is this copy of a data set whole? And do two sets of recordings share any?

With the key of a data set and its folder: compares the clips that are there with the official
counts, names what is missing, what cannot be read and what does not belong, and says what that
means. Reads every header, and a sample of the clips to the end. Exit code 0 if the copy is whole, 3
if not.

With two manifests or folders: finds the clips that both have, also after mp3, resampling, cutting
and a change of level. Exit code 0 if there are none, 3 if there are.

  fake-audio check-data asvspoof2019_la ~/data/LA
  fake-audio check-data in_the_wild ~/data/release_in_the_wild --save itw.parquet
  fake-audio check-data train.parquet test_recordings/ --save shared.csv
"""

from dataclasses import dataclass, field
from pathlib import Path

from experiment.options import Output

SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Settings(Output):
    """What to check.

    Attributes
    ----------
    dataset : str
        One of the data sets listed above. Or a manifest, or a folder of recordings.
    path : str
        The folder that its archive unpacks to. Or another manifest or folder.
    sample : int
        Clips that are decoded to the end.
    seed : int
        Which clips these are.
    save : str, optional
        Write the manifest of what can be read to this .parquet or .csv file; every other command
        takes it. Of two sets: write the table of what they share to this .csv file.
    workers : int, optional
        Processes that compare two sets; the number of cores by default.
    scheduler : str, optional
        Address of a dask cluster that does.
    """

    dataset: str = field(metadata={"positional": None})
    path: str = field(metadata={"positional": None})
    sample: int = 200
    seed: int = 0
    save: str | None = None
    workers: int | None = None
    scheduler: str | None = None


def main(settings):
    """Print counts, faults and the verdict; or what two sets share."""
    from audio.datasets import DATASETS

    if settings.dataset not in DATASETS and Path(settings.dataset).exists():
        return _compare(settings)
    return _check(settings)


def _compare(settings):
    from audio.leaks import recordings, shared
    from experiment.files import dumps, write_text

    sets = [recordings(path) for path in (settings.dataset, settings.path)]
    options = {"workers": settings.workers, "scheduler": settings.scheduler}
    found, left_out = shared(*sets, **options)
    if settings.save:
        write_text(settings.save, found.to_csv(index=False))
    if settings.json:
        tables = {"shared": found.to_dict("records"), "left_out": left_out.to_dict("records")}
        print(dumps({"clips": [len(one) for one in sets], **tables}))
    else:
        print(_shared_text(settings, sets, found, left_out))
    return 3 if len(found) else 0


def _shared_text(settings, sets, found, left_out):
    names = f"{settings.dataset} ({len(sets[0])} clips) and {settings.path} ({len(sets[1])})"
    if len(found):
        lines = [f"{names} share recordings: {len(found)} pairs"]
    else:
        lines = [f"{names} share no recording"]
    lines += [
        f"  {row.first} = {row.second}, {row.offset:+.2f} s, {row.share:.0%} of the peaks"
        for row in found.head(SHOWN).itertuples()
    ]
    if len(found) > SHOWN:
        lines.append(f"  and {len(found) - SHOWN} more; --save lists all")
    if len(left_out):
        lines.append(f"{len(left_out)} could not be compared; first: {left_out['reason'].iloc[0]}")
    return "\n".join(lines)


def _check(settings):
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
