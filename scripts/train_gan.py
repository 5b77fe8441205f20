"""Train a WaveGAN or SpecGAN on a folder or manifest of audio of any format."""

from dataclasses import dataclass, fields

from experiment.command import run_command
from gan.config import GanConfig

DISTRIBUTIONS = ("none", "gpus", "workers")


@dataclass(frozen=True, kw_only=True)
class Settings(GanConfig):
    """What to train on, where to, and for how long; the rest describes the generator.

    Attributes
    ----------
    data : str
        Folder of audio of any format, or a manifest (.parquet, .csv, or a folder with one).
    out : str
        Run folder to write.
    steps : int
        Generator steps in all.
    seconds : float, optional
        Time budget over all resumptions; ends the training before the steps do.
    resume : bool
        Go on with the run in the folder.
    force : bool
        Throw away the run in the folder.
    distribute : str
        none; gpus: all GPUs of this machine; workers: all machines of the variable TF_CONFIG.
    """

    data: str
    out: str
    steps: int = 20000
    seconds: float | None = None
    resume: bool = False
    force: bool = False
    distribute: str = "none"


def main(settings):
    """Train, and print the run folder."""
    from gan import device
    from gan.training import train

    config = GanConfig(**{f.name: getattr(settings, f.name) for f in fields(GanConfig)})
    outcome = train(
        config,
        settings.data,
        settings.out,
        steps=settings.steps,
        seconds=settings.seconds,
        resume=settings.resume,
        force=settings.force,
        strategy=device.strategy(settings.distribute),
    )
    print(outcome.folder)


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
