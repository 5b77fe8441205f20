"""Run ``fake-audio get-starter-corpus``."""

from _toolkit import run

run("get-starter-corpus")
