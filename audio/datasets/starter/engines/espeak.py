"""eSpeak NG, a formant synthesiser of many languages; run as a tool (GPL-3).

Variants of a voice with breath (f2, f3, f5, ...) are left out: they sound different in each run.
"""

from audio.datasets.starter.engines.base import Engine
from audio.datasets.starter.engines.tools import run_tool

VOICES = {
    "test": {
        "en": ("en-us", "en-us+Andrea", "en-us+m7", "en-gb+f4", "en-gb+m1"),
        "es": ("es-419+linda",),
        "it": ("it+m2",),
        "nl": ("nl+linda", "nl+f4"),
    }
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
