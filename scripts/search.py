"""Run ``fake-audio search``."""

from _toolkit import run

run("search")
