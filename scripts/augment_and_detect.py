"""Run ``fake-audio augment-and-detect``."""

from _toolkit import run

run("augment-and-detect")
