"""Run ``fake-audio fad``."""

from _toolkit import run

run("fad")
