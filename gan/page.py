"""One HTML page with spectrograms and players of generated clips."""

from pathlib import Path

from audio.draw import draw_spectrogram, pyplot
from experiment.report import audio_uri, figure_uri, write_page

TEMPLATES = Path(__file__).parent / "templates"


def card(name, audio, rate):
    """Return one clip [samples] as the page shows it: name, picture and sound."""
    figure, axes = pyplot().subplots(figsize=(3.2, 2.1), layout="constrained")
    draw_spectrogram(axes, audio, rate)
    return {"name": name, "picture": figure_uri(figure, dpi=80), "sound": audio_uri(audio, rate)}


def write(path, generator, sections, facts=()):
    """Write the page.

    Parameters
    ----------
    path : str or Path
        An .html file.
    generator : gan.generation.Generator
        What made the clips.
    sections : dict of str to list of (str, ndarray [samples])
        Named clips under their headings.
    facts : list of (str, object)
        Shown beside what is known of the generator.
    """
    config = generator.config
    known = [
        ("architecture", f"{config.model}, dim {config.dim}, {config.samples} samples"),
        ("rate", f"{config.rate} Hz"),
        ("training steps", generator.note.get("step", "unknown")),
        ("digest", generator.digest),
    ]
    write_page(
        path,
        "clips.html",
        TEMPLATES,
        title="Generated clips",
        lead=f"What the generator {config.model}:{generator.digest[:8]} makes.",
        facts=[*known, *facts],
        sections=[
            (heading, [card(name, audio, generator.rate) for name, audio in clips])
            for heading, clips in sections.items()
        ],
    )
