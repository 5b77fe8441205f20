"""Train a generator or a vocoder on a folder or manifest of audio of any format.

fake-audio train-gan --data FOLDER --out runs/mygan --seconds 3600
fake-audio train-gan --data FOLDER --out runs/mygan --seconds 7200 --resume
fake-audio train-gan --data m.parquet --out runs/mygan --model specgan --label speaker
fake-audio train-gan --data FOLDER --out runs/vocos --model vocos --seconds 3000
fake-audio train-gan --data FOLDER --out runs/hifigan --model hifigan --size v1
"""

from dataclasses import dataclass, fields

from experiment.errors import UsageError
from experiment.options import Resumable
from gan.config import GanConfig


@dataclass(frozen=True, kw_only=True)
class Settings(GanConfig, Resumable):
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
    held_out : str, optional
        Folder or manifest of real clips that are not trained on: every check scores the generator
        by its Frechet audio distance to them, a vocoder by the mel distance of its copies of them,
        and the best one is kept.
    embedding : str
        Of that distance; see fake-audio fad.
    distribute : str
        none; gpus: all GPUs of this machine; workers: all machines of the variable TF_CONFIG, each
        of which runs this command (all but the first write to OUT-worker-1 and so on).
    """

    data: str
    out: str
    steps: int = 20000
    seconds: float | None = None
    held_out: str | None = None
    embedding: str = "yamnet"
    distribute: str = "none"

    def __post_init__(self):
        super().__post_init__()
        if self.distribute not in ("none", "gpus", "workers"):
            raise UsageError(f"distribute is {self.distribute!r}; choose none, gpus or workers")
        if self.distribute == "workers" and self.seconds:
            raise UsageError("seconds pass differently on each machine; end the training by steps")


def score(config, held_out, embedding):
    """Return a function from a generator to its distance from held-out clips."""
    from audio.manifest import clips, is_manifest, load, scan

    frame = load(held_out) if is_manifest(held_out) else scan(held_out)[0]
    real = list(clips(frame))
    if config.copies:
        from gan.vocoder import mel_distance

        return lambda vocoder: mel_distance(vocoder, real).mean()
    return frechet(real, embedding)


def frechet(real, embedding):
    """Return a function from a generator to its Frechet audio distance to real clips."""
    from audio.clip import make_clip
    from fad.distance.frechet import frechet_distance
    from fad.embeddings import embedder as embeddings

    embedder = embeddings.load(embedding)
    reference = embedder.embed(real).array

    def distance(generator):
        config = generator.config
        audio = generator.generate(config.score_clips, config.seed + 1)
        made = [make_clip(samples) for samples in audio]
        return frechet_distance(reference, embedder.embed(made).array)

    return distance


def main(settings):
    """Train, and print the run folder."""
    from gan import device
    from gan.training import train

    config = GanConfig(**{f.name: getattr(settings, f.name) for f in fields(GanConfig)})
    strategy = device.strategy(settings.distribute)
    number = device.worker() if settings.distribute == "workers" else 0
    outcome = train(
        config,
        settings.data,
        f"{settings.out}-worker-{number}" if number else settings.out,
        steps=settings.steps,
        seconds=settings.seconds,
        resume=settings.resume,
        force=settings.force,
        score=score(config, settings.held_out, settings.embedding) if settings.held_out else None,
        strategy=strategy,
    )
    print(outcome.folder)
