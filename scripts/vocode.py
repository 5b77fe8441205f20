"""Run ``fake-audio vocode``."""

from _toolkit import run

run("vocode")
