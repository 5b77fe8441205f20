"""Generate clips from a trained generator, with a manifest, a contact sheet and a page.

fake-audio generate runs/mygan -n 1000 --seed 7 --out generated
fake-audio generate --model specgan-starter --inversion vocos --out generated
"""

from dataclasses import dataclass, field

from experiment.errors import UsageError

SHOWN = 24


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to generate from, and how much.

    Attributes
    ----------
    run : str, optional
        Run folder of fake-audio train-gan, a model folder, or the name of a shipped generator.
    model : str, optional
        The same, as an option: ``--model wavegan-starter``.
    n : int
        Number of clips.
    seed : int
        Seed of the latents; the first clips do not depend on their number.
    out : str
        Folder to write: clips/, manifest.parquet, sheet.png, index.html.
    split : str
        Split that the manifest gives the clips: train, dev or test.
    label : str, optional
        Class that a conditional generator is asked for; drawn evenly where it is not given.
    inversion : str, optional
        How spectrograms become sound: griffinlim (of a SpecGAN), or a vocoder: vocos, hifigan,
        istftnet or the folder of a trained one. As the model was trained by default.
    interpolate : int
        Also show this many clips between two latents on the page.
    """

    run: str | None = field(default=None, metadata={"positional": "?"})
    model: str | None = None
    n: int = field(default=100, metadata={"short": "-n"})
    seed: int = 0
    out: str = "generated"
    split: str = "train"
    label: str | None = None
    inversion: str | None = None
    interpolate: int = 0

    def __post_init__(self):
        if (self.run is None) == (self.model is None):
            from gan.generation import shipped

            given = "both" if self.run else "neither"
            raise UsageError(
                f"run and model: {given} given; name a run folder, or one of: "
                f"{', '.join(shipped())}"
            )


def main(settings):
    """Generate, and print the path of the manifest."""
    from audio.manifest import clips
    from gan import generation, page, previews

    generator = generation.load(settings.run or settings.model)
    if settings.inversion:
        generator = generation.inverted(generator, settings.inversion)
    frame = generation.write(
        generator,
        settings.n,
        settings.seed,
        settings.out,
        split=settings.split,
        label=settings.label,
    )
    shown = frame.head(SHOWN)
    names = [f"latent {row.latent} {row.condition}".strip() for row in shown.itertuples()]
    audio = [clip.samples for clip in clips(shown, generator.rate)]
    previews.picture(audio, generator.rate, f"{settings.out}/sheet.png", names)
    sections = {"Clips": list(zip(names, audio, strict=True))}
    if settings.interpolate:
        path = generator.interpolate(settings.seed, settings.interpolate, settings.label)[..., 0]
        sections["Between two latents"] = [(f"step {i + 1}", x) for i, x in enumerate(path)]
    facts = [("clips", len(frame)), ("seed", settings.seed)]
    page.write(f"{settings.out}/index.html", generator, sections, facts)
    print(f"{settings.out}/manifest.parquet")
