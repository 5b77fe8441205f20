"""The clips of an experiment: the starter corpus, or the user's own, which may be real alone."""

from audio.datasets import DATASETS, read
from audio.manifest import SPLITS, load, require_disjoint, save
from audio.splitting import deal
from experiment.errors import DataError, UsageError
from experiment.files import write_text
from experiment.progress import say
from study.generators import kind, spare

DISJOINT = ("speaker", "text", "name")


def prepare(config, run):
    """Write the run's manifest and return where it is.

    Parameters
    ----------
    config : StudyConfig
        Names the data.
    run : Run
        Gets corpus.parquet, and rejects.csv where files could not be read; of real speech alone
        also copies/ and source.parquet.

    Returns
    -------
    str
        Path of the manifest.

    Raises
    ------
    DataError
        If splits share a speaker, a text or a clip, or lack a class.
    """
    frame = _own(config) if config.data else _starter(config)
    frame = frame.drop(columns="seen", errors="ignore")  # the experiment's own training decides it
    rejects = frame.attrs.pop("rejects", None)
    if rejects is not None:
        write_text(run.path("rejects.csv"), rejects.to_csv(index=False))
    shared = DATASETS[config.dataset].shared if config.dataset else ()
    require_disjoint(frame, [name for name in DISJOINT if name not in shared])
    if config.data and (frame["label"] == "bonafide").all():
        frame = _with_copies(config, frame, run)
    require_both_classes(frame)
    save(frame, run.path("corpus.parquet"))
    return str(run.path("corpus.parquet"))


def _with_copies(config, frame, run):
    """Return real speech with copies by vocoders that are not among the experiment's generators.

    The first of them copies the training speech, the others that of dev and test.
    """
    from study.vocoded import Vocoders, vocoded

    save(frame, run.path("source.parquet"))
    first, *others = spare(config.generator, config.second)
    say(f"{config.data}: real speech alone; {first} copies train, {', '.join(others)} dev and test")
    return vocoded(frame, Vocoders((first,), tuple(others)), run.path("copies"), config.seed)


def source(run):
    """Return the clips that generators are trained on and copy: as they were before any copying."""
    path = run.path("source.parquet")
    return load(path if path.exists() else run.path("corpus.parquet"))


def _starter(config):
    """Return the starter corpus without the copies that the experiment makes itself."""
    frame = DATASETS["starter"](config.corpus, workers=config.workers)
    made = {kind(config.generator), kind(config.second)}
    kept = frame[~frame["attack"].isin(made)].reset_index(drop=True)
    if "train" not in set(kept.loc[kept["label"] == "spoof", "split"]):
        raise UsageError(
            f"{' and '.join(sorted(made))} are all the fakes that training has in the starter "
            "corpus; name another second generator, for example hifigan"
        )
    return kept


def _own(config):
    """Return the user's data; a data set that is one split only is dealt by speaker."""
    frame = read(config.data, config.dataset)
    if frame["split"].nunique() > 1:
        return frame
    say(f"{config.data}: all in {frame['split'].iloc[0]}; dealt to train, dev and test by speaker")
    return frame.assign(split=deal(frame, config.seed))


def require_both_classes(frame):
    """Raise where a split has clips of one class only.

    Raises
    ------
    DataError
        With the counts.
    """
    for split in SPLITS:
        found = frame.loc[frame["split"] == split, "label"].value_counts()
        if len(found) < 2:
            counts = ", ".join(f"{n} {label}" for label, n in found.items()) or "no clips"
            raise DataError(
                f"{split} has {counts}; each split needs bona fide and spoof clips "
                "of speakers that no other split has"
            )


def seen_attacks(frame):
    """Return the attacks that training contains."""
    train = frame[(frame["split"] == "train") & (frame["label"] == "spoof")]
    return set(train["attack"])
