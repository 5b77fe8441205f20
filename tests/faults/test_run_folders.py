"""A run folder: nothing that is not ours is removed or rewritten, whatever the flags."""

from pathlib import Path

import pytest

from experiment import files
from experiment.errors import UsageError
from experiment.files import write_json
from experiment.run import Run
from fake_audio.commands.search import require_cells
from gan.generation import _require_own

BOTH = pytest.mark.parametrize("force", [False, True])


def opened(folder, **flags):
    with Run.open(folder, {"seed": 1}, **flags) as run:
        run.metrics([{"step": 1}])


@BOTH
@pytest.mark.parametrize("name", ["thesis.docx", "metrics.csv", ".bashrc", "stages"])
def test_a_folder_of_somebody_else_is_refused_and_untouched(name, force, tmp_path):
    home = tmp_path / "work"
    (home / "stages").mkdir(parents=True)
    (home / name).touch() if name != "stages" else (home / name / "a.json").touch()
    before = sorted(home.rglob("*"))
    with pytest.raises(UsageError, match="is not empty and holds no run"):
        opened(home, force=force)
    assert sorted(home.rglob("*")) == before


def test_a_config_of_another_program_is_no_run(tmp_path):
    write_json(tmp_path / "config.json", {"model_type": "wav2vec2"})
    (tmp_path / "weights.npz").write_bytes(b"dear")
    with pytest.raises(UsageError, match="holds no run"):
        opened(tmp_path, force=True)
    assert (tmp_path / "weights.npz").read_bytes() == b"dear"


@BOTH
def test_home_root_and_the_working_folder_are_no_place_for_a_run(force, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "link").symlink_to(tmp_path / "home", target_is_directory=True)
    for place in ("/", tmp_path / "home", ".", tmp_path, tmp_path / "link"):
        with pytest.raises(UsageError, match="is no place for a run"):
            opened(place, force=force)
    assert not list((tmp_path / "home").iterdir()) and not list(Path.cwd().iterdir())


def test_force_removes_what_runs_write_and_leaves_the_rest(tmp_path, capsys):
    folder = tmp_path / "run"
    with Run.open(folder, {"seed": 1}) as run:
        run.once("first", lambda: 1)
        run.metrics([{"step": 1}])
        run.path("new kind", "clip.wav").touch()
        (run.path("figures", "x.png").parent / "thesis.docx").write_text("five years")
    (folder / "notes.txt").write_text("mine")
    (folder / "mine").mkdir()
    (folder / "mine" / "clip.wav").touch()
    (folder / "figures" / "x.png").touch()
    (folder / "figures" / "away").symlink_to(tmp_path, target_is_directory=True)
    opened(folder, force=True)
    left = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert left >= {"notes.txt", "mine/clip.wav", "figures/thesis.docx"}
    assert not left & {"stages/first.json", "new kind/clip.wav", "figures/x.png"}
    assert "left what no run wrote" in capsys.readouterr().err


def test_clips_and_cells_overwrite_nothing_else(tmp_path):
    (tmp_path / "thesis.docx").write_text("five years")
    with pytest.raises(UsageError, match="no folder of generated clips"):
        _require_own(tmp_path)
    _require_own(tmp_path / "new")
    with pytest.raises(UsageError, match="it is kept"):
        require_cells(tmp_path / "thesis.docx")
    write_json(tmp_path / "cells.json", {"normal": [], "reduce": []})
    require_cells(tmp_path / "cells.json")


def test_a_run_killed_while_it_claims_its_folder_can_be_started_again(tmp_path):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "environment.json").write_text("{}")
    (tmp_path / "r" / ".config-ab_12.json").write_text("")
    (tmp_path / "r" / ".lock").touch()
    opened(tmp_path / "r")


def test_a_place_that_cannot_be_written_gets_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file; choose a folder"):
        opened(tmp_path / "file")
    with pytest.raises(UsageError, match="a part of it is a file"):
        opened(tmp_path / "file" / "run")
    with pytest.raises(UsageError, match="the name is too long"):
        opened(tmp_path / ("x" * 300))


@pytest.mark.parametrize(("code", "words"), [(28, "no space is left"), (30, "read-only")])
def test_a_full_or_read_only_disk_gets_one_sentence(code, words, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(code, "refused")

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(UsageError, match=words):
        files.write_text(tmp_path / "x.txt", "text")
    assert not list(tmp_path.iterdir())


def test_a_cache_folder_that_cannot_be_written_names_the_remedy(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FAKE_AUDIO_CACHE", str(tmp_path / "file"))
    with pytest.raises(UsageError, match="FAKE_AUDIO_CACHE"):
        files.cache_folder("embeddings")


def test_a_damaged_configuration_cannot_be_resumed(tmp_path):
    opened(tmp_path / "r")
    (tmp_path / "r" / "config.json").write_text("[1]")
    with pytest.raises(UsageError, match="holds no run"):
        opened(tmp_path / "r", resume=True)
