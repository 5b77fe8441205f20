"""A built wheel does the work from any folder, and holds nothing that is not for users."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fake_audio.__main__ import PACKAGES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SOURCES = (*PACKAGES, "fake_audio")
SPACE = {"demo/README.md", "demo/requirements.txt"}  # of a hosted demo, not of the package


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in (*SOURCES, "tests", "benchmarks", "scripts"):
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, ignore=leave)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", built, source]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def fake_audio(wheel, tmp_path_factory):
    """Run a command of the installed wheel in an empty folder that the repository is not on."""
    site, here = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("elsewhere")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)

    def run(*argv):
        command = [sys.executable, "-m", "fake_audio", *map(str, argv)]
        environment = {**os.environ, "PYTHONPATH": str(site)}
        return subprocess.run(command, capture_output=True, text=True, cwd=here, env=environment)

    run.folder = here
    return run


def test_it_holds_packages_with_their_data_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(SOURCES)
    sources = {
        str(path.relative_to(ROOT))
        for name in SOURCES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sources - SPACE <= set(names)


def test_it_answers(fake_audio):
    done = fake_audio("train-gan", "--help")
    assert done.returncode == 0, done.stderr
    assert "Go on with the run that is there." in done.stdout


def test_it_judges_with_the_detector_that_comes_with_it(fake_audio, speech_folder):
    done = fake_audio("detect", next(speech_folder.glob("*.wav")))
    assert done.returncode == 0, done.stderr
    assert "LLR" in done.stdout


def test_it_does_the_main_job(fake_audio, corpus):
    done = fake_audio("augment-and-detect", "--recipe", "tiny")
    assert done.returncode == 0, done.stderr[-4000:]
    assert (fake_audio.folder / "runs" / "tiny" / "report.html").exists()
