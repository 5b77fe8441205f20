"""Hibari, a small neural engine distilled from Kokoro."""

import numpy as np

from audio.datasets.starter.engines.base import Engine
from experiment.seeds import derive

RATE = 24000


def speak(texts, voice, root, folder, seed):
    """Return ``(samples, rate)`` of each text; see `Engine`."""
    from hibari import Hibari

    voice = Hibari(voice)
    said = [np.asarray(voice(text, seed=derive(seed, "hibari", text)), float) for text in texts]
    return [(samples, RATE) if len(samples) else None for samples in said]


ENGINE = Engine(
    speak,
    voices={"test": {"en": ("heart",)}},
    licence="Apache-2.0",
    package="hibari-tts",
    module="hibari",
)
