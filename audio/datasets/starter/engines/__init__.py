"""The makers of fake speech: copy synthesis (`VOCODERS`) and text-to-speech (`ENGINES`).

A new one is one file and one line here. Programs under the GPL are run as tools, in processes of
their own.
"""

from audio.datasets.starter.engines import (
    espeak,
    festival,
    flite,
    griffinlim,
    hibari,
    lpc,
    pico,
    piper,
    world,
)

VOCODERS = {
    "world": world.VOCODER,
    "griffinlim": griffinlim.VOCODER,
    "lpc": lpc.VOCODER,
}

ENGINES = {
    "espeak": espeak.ENGINE,
    "flite": flite.ENGINE,
    "hibari": hibari.ENGINE,
    "piper": piper.ENGINE,
    "festival": festival.ENGINE,
    "pico": pico.ENGINE,
}
