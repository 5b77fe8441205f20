"""The clips of an experiment: the starter corpus, or the user's own."""

from audio.datasets import DATASETS, read
from audio.manifest import SPLITS, require_disjoint, save
from audio.splitting import deal
from experiment.errors import DataError
from experiment.files import write_text
from experiment.progress import say

DISJOINT = ("speaker", "text", "name")


def prepare(config, run):
    """Write the run's manifest and return where it is.

    Parameters
    ----------
    config : StudyConfig
        Names the data.
    run : Run
        Gets corpus.parquet, and rejects.csv where files could not be read.

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
    rejects = frame.attrs.pop("rejects", None)
    if rejects is not None:
        write_text(run.path("rejects.csv"), rejects.to_csv(index=False))
    shared = DATASETS[config.dataset].shared if config.dataset else ()
    require_disjoint(frame, [name for name in DISJOINT if name not in shared])
    require_both_classes(frame)
    save(frame, run.path("corpus.parquet"))
    return str(run.path("corpus.parquet"))


def _starter(config):
    return DATASETS["starter"](config.corpus, workers=config.workers)


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
