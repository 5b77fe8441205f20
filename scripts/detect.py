"""Run ``fake-audio detect``."""

from _toolkit import run

run("detect")
