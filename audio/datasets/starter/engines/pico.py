"""SVOX Pico, a small engine of six languages; its Python package builds with a C compiler."""

import numpy as np

from audio.datasets.starter.engines.base import Engine

RATE = 16000


def speak(texts, voice, root, folder, seed):
    """Return ``(samples, rate)`` of each text; see `Engine`."""
    import ttspico

    engine = ttspico.TtsEngine(voice)
    said = [np.frombuffer(engine.speak(text), "<i2") / 32768 for text in texts]
    return [(samples, RATE) if len(samples) else None for samples in said]


ENGINE = Engine(
    speak,
    voices={"test": {"en": ("en-US", "en-GB"), "es": ("es-ES",), "it": ("it-IT",)}},
    licence="Apache-2.0",
    package="ttspico",
    module="ttspico",
    optional=True,
    remedy="it needs a C compiler to install",
)
