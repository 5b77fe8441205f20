"""Run ``fake-audio leave-one-out``."""

from _toolkit import run

run("leave-one-out")
