"""Run ``fake-audio explain``."""

from _toolkit import run

run("explain")
