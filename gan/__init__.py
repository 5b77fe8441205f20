"""WaveGAN and SpecGAN: networks, losses, one training loop, generation.

A generator is a function from a `gan.config.GanConfig` to its `gan.networks.Networks`. A new one
is a module with such a function and a line in `GENERATORS`.
"""


def wavegan(config, **options):
    """Raw audio from one-dimensional transposed convolutions (Donahue et al., 2019)."""
    from gan.wavegan import build

    return build(config, **options)


def specgan(config, **options):
    """Log-magnitude spectrograms from two-dimensional ones, inverted by Griffin-Lim."""
    from gan.specgan import build

    return build(config, **options)


GENERATORS = {"wavegan": wavegan, "specgan": specgan}
SAMPLES = {"wavegan": (16384, 32768, 65536), "specgan": (16384, 65536)}
