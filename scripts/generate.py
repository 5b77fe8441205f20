"""Run ``fake-audio generate``."""

from _toolkit import run

run("generate")
