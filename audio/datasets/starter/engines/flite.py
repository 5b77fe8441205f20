"""Flite: voices of recorded people; run as a program from its Debian package."""

from pathlib import Path

from audio.datasets.starter.engines.base import Engine
from audio.datasets.starter.engines.tools import does_not_start, heard, run, unpacked_environment


def speak(texts, voice, root, folder, seed):
    """Return ``(samples, rate)`` of each text; see `Engine`."""
    said = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.wav"
        command = [str(Path(root, "usr/bin/flite")), "-voice", voice, "-t", text, "-o", str(path)]
        run(command, env=unpacked_environment(root), timeout=60)
        said.append(heard(path))
    return said


def missing(root):
    """Return why flite cannot run here, or an empty text."""
    return does_not_start([str(Path(root, "usr/bin/flite")), "--version"], root)


ENGINE = Engine(
    speak,
    voices={"test": {"en": ("rms", "awb", "kal16", "slt")}},
    licence="BSD-style (CMU)",
    package="flite, libflite1",
    packages=("libasound2", "flite", "libflite1"),
    missing=missing,
)
