"""How much of everything each size of the corpus holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """A recipe of the corpus.

    Attributes
    ----------
    caps : dict of str to int
        Largest number of real clips of one speaker in one language, by source.
    copies : dict of str to dict of str to float
        Share of the real clips that each vocoder copies, by split.
    speech : dict of str to dict of str to int
        Clips of each engine, by split.
    """

    caps: dict
    copies: dict
    speech: dict


TINY = Size(
    caps={"asterisk-en": 24, "klettres": 8},
    copies={
        "world": {"train": 0.5, "dev": 0.5, "test": 0.4},
        "griffinlim": {"train": 0.5, "dev": 0.5, "test": 0.4},
        "lpc": {"test": 0.3},
    },
    speech={"espeak": {"train": 18, "dev": 10, "test": 12}, "hibari": {"test": 10}},
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
    copies={
        "world": {"train": 0.3, "dev": 0.35, "test": 0.25},
        "griffinlim": {"train": 0.3, "dev": 0.35, "test": 0.25},
        "lpc": {"test": 0.25},
    },
    speech={
        "espeak": {"train": 100, "dev": 40, "test": 40},
        "flite": {"train": 80, "dev": 30, "test": 40},
        "hibari": {"test": 50},
        "piper": {"test": 40},
    },
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
    copies={
        "world": {"train": 0.3, "dev": 0.35, "test": 0.25},
        "griffinlim": {"train": 0.3, "dev": 0.35, "test": 0.25},
        "lpc": {"test": 0.25},
    },
    speech={
        "espeak": {"train": 400, "dev": 150, "test": 150},
        "flite": {"train": 300, "dev": 100, "test": 120},
        "hibari": {"test": 150},
        "piper": {"test": 120},
        "festival": {"test": 200},
        "pico": {"test": 120},
    },
)

SIZES = {"tiny": TINY, "quick": QUICK, "full": FULL}
