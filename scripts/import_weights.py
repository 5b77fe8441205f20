"""Run ``fake-audio import-weights``."""

from _toolkit import run

run("import-weights")
