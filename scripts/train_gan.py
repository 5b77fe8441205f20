"""Run ``fake-audio train-gan``."""

from _toolkit import run

run("train-gan")
