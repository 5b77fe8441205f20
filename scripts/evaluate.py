"""Run ``fake-audio evaluate``."""

from _toolkit import run

run("evaluate")
