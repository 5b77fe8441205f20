"""The makers of speech from text.

A new one is one file and one line here. Programs under the GPL are run as tools, in processes of
their own.
"""

from audio.datasets.starter.engines import (
    espeak,
    festival,
    flite,
    hibari,
    kokoro,
    pico,
    piper,
)

ENGINES = {
    "espeak": espeak.ENGINE,
    "flite": flite.ENGINE,
    "hibari": hibari.ENGINE,
    "piper": piper.ENGINE,
    "kokoro": kokoro.ENGINE,
    "festival": festival.ENGINE,
    "pico": pico.ENGINE,
}
