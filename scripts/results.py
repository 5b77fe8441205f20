"""Run ``fake-audio results``."""

from _toolkit import run

run("results")
