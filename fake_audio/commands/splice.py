"""Partial fakes: stretches of copies spliced into their originals where the speaker pauses.

Takes a manifest of originals and copies, as ``fake-audio vocode`` writes it. Cuts lie where the
sound is quietest, are cross-faded over 10 ms, and each stretch has the level of what it replaces.
The manifest that it writes has the column ``segments``; a detector that judges every 20 ms learns
from it, and ``fake-audio evaluate`` then says how well it finds the parts.

  fake-audio vocode recordings/ --out runs/copies
  fake-audio splice runs/copies/manifest.parquet --out runs/partial
  fake-audio train-detector --model framewise --data runs/partial/manifest.csv --out runs/where
  fake-audio detect interview.mp3 --model runs/where/framewise-0
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to splice.

    Attributes
    ----------
    data : str
        A manifest with the column ``copy_of``.
    out : str
        Folder to write: clips/ and manifest.csv.
    stretches : int
        Spliced into each clip, at most.
    seed : int
        Of the stretches.
    workers : int
        Processes.
    control : bool
        Also write each original with joints and nothing fake between them: stretches of its own
        sound, upside down. In training they teach that a joint is no fake; in test they tell
        whether a detector hears the copy or the joint.
    """

    data: str = field(metadata={"positional": None})
    out: str = "partial"
    stretches: int = 2
    seed: int = 0
    workers: int = 1
    control: bool = False

    def __post_init__(self):
        from experiment.errors import UsageError

        if self.stretches < 1:
            raise UsageError(f"stretches is {self.stretches}; give at least 1")


def main(settings):
    """Splice, and print the path of the manifest."""
    from pathlib import Path

    from audio.manifest import load
    from audio.partial import partial_fakes
    from experiment.progress import say

    frame = load(settings.data)
    if "copy_of" not in frame:
        frame = frame.assign(copy_of="")
    made = partial_fakes(
        frame, settings.out, seed=settings.seed, stretches=settings.stretches,
        workers=settings.workers, control=settings.control,
    )  # fmt: skip
    say(f"{(made['label'] == 'spoof').sum()} partial fakes")
    print(Path(settings.out, "manifest.csv"))
