"""The command `fake-audio` itself: its list, its mistakes, and folders that hide its packages."""

import subprocess
import sys
from pathlib import Path

import pytest

from experiment.version import __version__
from fake_audio.__main__ import main
from fake_audio.commands import COMMANDS

ROOT = Path(__file__).parents[2]


def test_help_lists_every_command_and_imports_next_to_nothing():
    code = (
        "import sys; from fake_audio.__main__ import main; main(['--help'])\n"
        "assert not {'jsonargparse', 'numpy', 'pandas', 'rich'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"fake-audio {__version__}\n"


@pytest.mark.parametrize(
    ("name", "hint"), [("trian-gan", "did you mean train-gan?"), ("xyzzy", "fake-audio --help")]
)
def test_an_unknown_command_is_refused(name, hint, capsys):
    assert main([name]) == 2
    assert hint in capsys.readouterr().err


def test_old_names_are_understood(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["train_gan", "--help"])
    assert stop.value.code == 0


@pytest.mark.parametrize("hidden", ["audio/__init__.py", "experiment.py"])
def test_a_folder_or_file_that_hides_a_package_is_named(hidden, tmp_path):
    path = tmp_path / hidden
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    code = f"import sys; sys.path.insert(1, {str(ROOT)!r}); from fake_audio.__main__ import main"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; sys.exit(main(['detect', 'a.wav']))"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    place = path.parent if path.name == "__init__.py" else path
    assert done.stderr.startswith(f"error: {place} hides the package") and "rename" in done.stderr
