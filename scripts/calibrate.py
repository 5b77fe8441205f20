"""Run ``fake-audio calibrate``."""

from _toolkit import run

run("calibrate")
