"""Run ``fake-audio splice``."""

from _toolkit import run

run("splice")
