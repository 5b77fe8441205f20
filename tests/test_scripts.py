import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from fake_audio.commands import COMMANDS

SCRIPTS = sorted(
    path for path in (Path(__file__).parents[1] / "scripts").glob("*.py") if path.stem[0] != "_"
)


def test_every_command_has_a_script_but_the_page():
    assert {path.stem for path in SCRIPTS} == {name.replace("-", "_") for name in COMMANDS} - {
        "demo"
    }


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_worker_process_imports_a_script_without_running_it(path):
    runpy.run_path(str(path), run_name="__mp_main__")


def test_a_script_runs_from_another_folder(tmp_path):
    command = [sys.executable, SCRIPTS[0], "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and "usage:" in done.stdout
