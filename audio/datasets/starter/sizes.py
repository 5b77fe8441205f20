"""How much of everything each size of the corpus holds."""

from dataclasses import dataclass

KINDS = ("vocos", "codec", "hifigan", "world", "griffinlim", "lpc")


@dataclass(frozen=True)
class Copying:
    """How the real clips of a split are copied.

    Attributes
    ----------
    vocoders : tuple of str
        Names that `fake-audio vocode` takes.
    per_clip : int
        How many of them copy each clip, drawn by its name.
    """

    vocoders: tuple
    per_clip: int


@dataclass(frozen=True)
class Size:
    """A recipe of the corpus.

    Attributes
    ----------
    caps : dict of str to int
        Largest number of real clips of one speaker in one language, by source.
    speech : dict of str to dict of str to int
        Clips of each engine, by split.
    copies : dict of str to Copying
        By split.
    """

    caps: dict
    speech: dict
    copies: dict


COPIES = {
    "train": Copying(("vocos", "codec"), 1),
    "dev": Copying(("vocos", "codec", "hifigan"), 2),
    "test": Copying(KINDS, 2),
}

TINY = Size(
    caps={"asterisk-en": 24, "klettres": 8},
    speech={"espeak": {"test": 12}, "hibari": {"test": 10}},
    copies=COPIES,
)

QUICK = Size(
    caps={
        "festvox-ru": 150,
        "asterisk-en": 70,
        "asterisk-es": 30,
        "asterisk-fr": 50,
        "asterisk-it": 45,
        "asterisk-ru": 70,
        "fillets-cs": 40,
        "fillets-nl": 45,
        "klettres": 9,
        "ktuberling": 9,
    },
    speech={
        "espeak": {"test": 60},
        "flite": {"test": 60},
        "hibari": {"test": 50},
        "piper": {"test": 40},
    },
    copies=COPIES,
)

FULL = Size(
    caps={
        "festvox-ru": 800,
        "asterisk-en": 300,
        "asterisk-es": 200,
        "asterisk-fr": 300,
        "asterisk-it": 300,
        "asterisk-ru": 300,
        "fillets-cs": 400,
        "fillets-nl": 400,
        "klettres": 40,
        "ktuberling": 40,
    },
    speech={
        "espeak": {"test": 150},
        "flite": {"test": 150},
        "hibari": {"test": 150},
        "piper": {"test": 120},
        "kokoro": {"test": 100},
        "festival": {"test": 200},
        "pico": {"test": 120},
    },
    copies=COPIES,
)

SIZES = {"tiny": TINY, "quick": QUICK, "full": FULL}
