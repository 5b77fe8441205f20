"""A corpus of pairs from nothing but real speech: train, dev and test, each with copies.

Training is copied by some vocoders, dev and test by others, so that what is chosen on dev - the
epoch, the calibration, the threshold - and what test reports is about fakes that training has not
heard. Where the real speech has several sources, dev and test also have other sources; otherwise
they have other speakers.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from audio.manifest import SPLITS, validate
from audio.splitting import deal
from experiment.errors import UsageError
from experiment.progress import say

SOURCES = 5  # at least, for splits by source
SHARE = 0.5  # of the clips, at most, in the largest source, for splits by source


@dataclass(frozen=True)
class Vocoders:
    """What copies what.

    Attributes
    ----------
    train, held_out : tuple of str
        For training; for dev and test. See gan.copying.open_vocoder.
    each : bool
        Every vocoder copies every clip of its split; otherwise one of them, drawn by the name.
    """

    train: tuple[str, ...]
    held_out: tuple[str, ...]
    each: bool = True

    def __post_init__(self):
        both = sorted(set(self.train) & set(self.held_out))
        if not self.train or not self.held_out or both:
            raise UsageError(
                "name vocoders for training and others for dev and test. Received: "
                f"{', '.join(self.train) or 'none'} and {', '.join(self.held_out) or 'none'}"
            )


def vocoded(frame, vocoders, folder, seed=0):
    """Return the manifest of real speech and its copies, made or found in a folder.

    Parameters
    ----------
    frame : DataFrame
        A manifest; its fakes are left out. Splits of its own are kept where it has all three.
    vocoders : Vocoders
        What copies what.
    folder : str or Path
        Where ``train/`` and ``held_out/`` go; what is there already is not copied again.
    seed : int
        Of the deal to splits and the draw of vocoders.

    Returns
    -------
    DataFrame
        A manifest with ``copy_of``.
    """
    from gan.vocoding import Plan, vocode

    real = frame[frame["label"] == "bonafide"].reset_index(drop=True)
    if set(real["split"]) != set(SPLITS):
        real = dealt(real, seed)
    parts = []
    for name, chosen, by in (
        ("train", real["split"] == "train", vocoders.train),
        ("held_out", real["split"] != "train", vocoders.held_out),
    ):
        plan = Plan(tuple(by), None if vocoders.each else 1, seed=seed)
        made = vocode(real[chosen], plan, Path(folder, name), resume=True)
        made.attrs = {}  # rejects, which its folder lists; concat cannot compare them
        parts.append(made)
    return validate(pd.concat(parts, ignore_index=True))


def dealt(real, seed=0):
    """Return real speech with splits: by source where there are several, else by speaker."""
    counts = real["source"].value_counts()
    several = len(counts) >= SOURCES and counts.max() <= SHARE * len(real)
    by = "source" if several else "speaker"
    say(f"splits by {by}: {real[by].nunique()} in all")
    return real.assign(split=deal(real, seed, by=by))
