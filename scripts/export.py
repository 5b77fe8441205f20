"""Run ``fake-audio export``."""

from _toolkit import run

run("export")
