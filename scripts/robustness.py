"""Run ``fake-audio robustness``."""

from _toolkit import run

run("robustness")
