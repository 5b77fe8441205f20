"""Run ``fake-audio train-detector``."""

from _toolkit import run

run("train-detector")
