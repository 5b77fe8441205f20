"""What holds for every command: help without TensorFlow, and code 2 with a sentence for a typo."""

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "scripts"
SCRIPTS = sorted(path.name for path in FOLDER.glob("[a-z]*.py"))
HEAVY = ("tensorflow", "keras", "librosa", "sklearn", "matplotlib.pyplot", "distributed")


def run(name, *arguments, options=()):
    command = [sys.executable, *options, FOLDER / name, *arguments]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_teaches_and_imports_nothing_heavy(name):
    done = run(name, "--help", options=["-X", "importtime"])
    assert done.returncode == 0, done.stderr[-2000:]
    assert "python scripts/" in done.stdout
    imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert not imported & set(HEAVY)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_mistyped_flag_is_refused(name):
    done = run(name, "--no-such-flag", "1")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
