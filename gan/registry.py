"""The generators that there are: a new one is a module, and a line here and in `gan.sizes.SIZES`.

A generator is a function from a `gan.config.GanConfig` to its networks.
"""


def _wavegan(config, **options):
    """Raw audio from one-dimensional transposed convolutions (Donahue et al., 2019)."""
    from gan.wavegan import build

    return build(config, **options)


def _specgan(config, **options):
    """Log-magnitude spectrograms from two-dimensional ones, inverted by Griffin-Lim."""
    from gan.specgan import build

    return build(config, **options)


def _logmelgan(config, **options):
    """Log-mel spectrograms of a vocoder, which speaks them; augmented, with R1."""
    from gan.logmelgan import build

    return build(config, **options)


def _vocos(config, **options):
    """Copy speech by ConvNeXt blocks at frame rate and an inverse STFT (Siuzdak, 2023)."""
    from gan.vocoders.vocos import build

    return build(config, **options)


def _hifigan(config, **options):
    """Copy speech by transposed convolutions with several fields of view (Kong et al., 2020)."""
    from gan.vocoders.hifigan import build

    return build(config, **options)


def _istftnet(config, **options):
    """Copy speech by two upsampling stages and an inverse STFT (Kaneko et al., 2022)."""
    from gan.vocoders.istftnet import build

    return build(config, **options)


def _codec(config, **options):
    """Copy speech through a residual vector quantiser (Zeghidour et al., 2022)."""
    from gan.vocoders.codec import build

    return build(config, **options)


GENERATORS = {
    "wavegan": _wavegan,
    "specgan": _specgan,
    "logmelgan": _logmelgan,
    "vocos": _vocos,
    "hifigan": _hifigan,
    "istftnet": _istftnet,
    "codec": _codec,
}
PIECES = (8192, 16384, 32768, 65536)
SAMPLES = {
    "wavegan": (16384, 32768, 65536),
    "specgan": (16384, 65536),
    "logmelgan": (16384, 32768, 65536),
    "vocos": PIECES,
    "hifigan": PIECES,
    "istftnet": PIECES,
    "codec": PIECES,
}
