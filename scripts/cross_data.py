"""Run ``fake-audio cross-data``."""

from _toolkit import run

run("cross-data")
