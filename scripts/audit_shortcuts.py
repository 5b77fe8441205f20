"""Run ``fake-audio audit-shortcuts``."""

from _toolkit import run

run("audit-shortcuts")
