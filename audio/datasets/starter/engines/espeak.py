"""eSpeak NG, a formant synthesiser of many languages; run as a tool (GPL-3)."""

from audio.datasets.starter.engines.base import Engine
from audio.datasets.starter.engines.tools import run_tool

VOICES = {
    "train": {"en": ("en-us", "en-us+f2"), "cs": ("cs+m3",), "ru": ("ru+f5", "ru")},
    "dev": {"en": ("en-gb+f1", "en-gb+m1"), "fr": ("fr-fr+m4",), "nl": ("nl+f1",)},
    "test": {
        "en": ("en-us+f3", "en-us+m7"),
        "es": ("es-419+f4",),
        "it": ("it+m2",),
        "nl": ("nl+f4",),
    },
}


def speak(texts, voice, root, folder, seed):
    """Return ``(samples, rate)`` of each text; see `Engine`."""
    return run_tool("espeak_tool.py", texts, voice, folder)


ENGINE = Engine(
    speak,
    VOICES,
    licence="GPL-3.0-or-later (program)",
    package="espeakng-loader",
    module="espeakng_loader",
)
