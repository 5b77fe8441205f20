"""Fakes made on the spot by a trained generator."""

from audio.clip import RATE, make_clip, resample

MOST = 16


def make(generator, count, seed):
    """Return clips of a generator.

    Parameters
    ----------
    generator : gan.generation.Generator
        Loaded.
    count : int
        How many; at most `MOST` are made.
    seed : int
        Of the latents: the same seed gives the same clips.

    Returns
    -------
    list of Clip
        At 16 kHz, mono.
    """
    audio = generator.generate(min(count, MOST), seed)
    mono = audio if audio.ndim == 2 else audio.mean(axis=2)
    return [make_clip(resample(x, generator.rate, RATE), RATE) for x in mono]


def about(generator):
    """Return what is known of a generator, in a sentence."""
    config, steps = generator.config, generator.note.get("step", "an unknown number of")
    seconds = config.samples / config.rate
    return (
        f"{config.model}, width {config.dim}, {steps} training steps, clips of {seconds:.2f} s "
        f"at {config.rate} Hz; weights {generator.digest}."
    )
