"""Run ``fake-audio check-data``."""

from _toolkit import run

run("check-data")
