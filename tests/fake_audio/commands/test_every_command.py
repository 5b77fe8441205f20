"""What holds for every command: help without TensorFlow, and code 2 with a sentence for a typo."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fake_audio.commands import COMMANDS, call

ROOT = Path(__file__).parents[3]
HEAVY = ("tensorflow", "keras", "librosa", "sklearn", "matplotlib.pyplot", "distributed")
HELP = f"""
import contextlib, io, json, sys
from fake_audio.commands import COMMANDS, call
found = {{}}
for name in COMMANDS:
    code, text = None, io.StringIO()
    with contextlib.redirect_stdout(text):
        try:
            call(name, ["--help"])
        except SystemExit as stop:
            code = stop.code
    found[name] = code, text.getvalue(), sorted({set(HEAVY)} & set(sys.modules))
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def helps():
    """Exit code, help and heavy imports so far of each command, all in one new process."""
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_teaches_and_imports_nothing_heavy(name, helps):
    code, text, heavy = helps[name]
    assert code == 0
    assert f"fake-audio {name}" in text.split("options:")[0].split("\n\n", 1)[1]
    assert not heavy


@pytest.mark.parametrize("name", COMMANDS)
def test_a_mistyped_flag_is_refused(name, capsys):
    with pytest.raises(SystemExit) as stop:
        call(name, ["--no-such-flag", "1"])
    assert stop.value.code == 2
    assert "no-such-flag" in capsys.readouterr().err


def test_the_scripts_are_the_commands():
    scripts = {path.stem: path for path in (ROOT / "scripts").glob("[a-z]*.py")}
    assert set(scripts) == {name.replace("-", "_") for name in COMMANDS} - {"demo"}
    for stem, path in scripts.items():
        assert f'run("{stem.replace("_", "-")}")' in path.read_text()


def test_a_script_runs_its_command_from_any_folder(tmp_path):
    command = [sys.executable, ROOT / "scripts" / "fad.py", "--self-test"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0 and "closed form" in done.stdout, done.stderr
