import dataclasses
import subprocess
import sys

import pytest

from experiment.command import outcome, parse
from experiment.errors import DataError, UsageError


@dataclasses.dataclass(frozen=True)
class Config:
    """What the example does.

    Attributes
    ----------
    files : list of str
        Files to read.
    seed : int
        Seed of the draws.
    name : str
        Whatever.
    """

    files: tuple = dataclasses.field(metadata={"positional": "+"})
    seed: int = 0
    name: str = "x"


def test_flags_win_over_the_recipe_and_the_recipe_over_the_defaults(tmp_path):
    recipe = tmp_path / "r.yaml"
    recipe.write_text("seed: 5\nname: from recipe\n")
    found = parse(Config, "doc", ["a.wav", "b.wav", "--recipe", str(recipe), "--name", "flag"])
    assert found == Config(("a.wav", "b.wav"), 5, "flag")


@dataclasses.dataclass(frozen=True)
class Switches:
    """Settings with a switch.

    Attributes
    ----------
    files : list of str
        Files to read.
    no_cache : bool
        Whether to do without.
    """

    files: tuple = dataclasses.field(metadata={"positional": "+"})
    no_cache: bool = False


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["a.wav"], False),
        (["--no-cache", "a.wav"], True),
        (["a.wav", "--no_cache"], True),
        (["a.wav", "--no-cache", "true"], True),
        (["a.wav", "--no-cache=false"], False),
    ],
)
def test_a_switch_needs_no_value_and_dashes_are_welcome(argv, expected):
    assert parse(Switches, "doc", argv) == Switches(("a.wav",), expected)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shared:
    """What others have too.

    Attributes
    ----------
    audit : bool
        Whether to look closely.
    """

    audit: bool = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class Own(Shared):
    """What this one has.

    Attributes
    ----------
    by_speaker : bool
        Whether speakers stand apart.
    count : int
        How many.
    """

    by_speaker: bool = False
    count: int = dataclasses.field(default=1, metadata={"short": "-n"})


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["--no-audit"], {"audit": False}),
        (["--no_audit"], {"audit": False}),
        (["--audit"], {}),
        (["--audit=false"], {"audit": False}),
        (["--by-speaker"], {"by_speaker": True}),
        (["--by_speaker"], {"by_speaker": True}),
        (["--no-by-speaker"], {}),
        (["-n", "3"], {"count": 3}),
        (["--count", "3"], {"count": 3}),
    ],
)
def test_switches_have_a_negative_and_flags_a_short_form(argv, expected):
    assert parse(Own, "doc", argv) == Own(**expected)


def test_shared_settings_are_a_group_of_their_own(capsys):
    with pytest.raises(SystemExit):
        parse(Own, "doc", ["--help"])
    text = capsys.readouterr().out
    own, shared = text.split("What this one has:")[1].split("What others have too:")
    assert "Whether speakers stand apart." in own and "Whether to look closely." in shared


def test_a_recipe_goes_by_name_and_a_file_of_that_name_comes_first(tmp_path, monkeypatch):
    recipe = tmp_path / "somewhere" / "quick.yaml"
    recipe.parent.mkdir()
    recipe.write_text("count: 5\n")
    monkeypatch.chdir(tmp_path)
    for argv in (["--recipe", "quick"], ["--recipe=quick"], ["--recipe", str(recipe)]):
        assert parse(Own, "doc", argv, recipes={"quick": recipe}).count == 5
    assert parse(Own, "doc", [], recipe=recipe).count == 5
    (tmp_path / "quick").write_text("count: 7\n")
    assert parse(Own, "doc", ["--recipe", "quick"], recipes={"quick": recipe}).count == 7


def test_an_unknown_key_is_refused(tmp_path, capsys):
    recipe = tmp_path / "r.yaml"
    recipe.write_text("sead: 5\n")
    with pytest.raises(SystemExit) as stop:
        parse(Config, "doc", ["a.wav", "--recipe", str(recipe)])
    assert stop.value.code == 2
    assert "sead" in capsys.readouterr().err


def test_help_teaches_every_field(capsys):
    with pytest.raises(SystemExit):
        parse(Config, "What it is for.", ["--help"])
    text = capsys.readouterr().out
    for words in ("What it is for.", "Files to read.", "Seed of the draws.", "default: 0"):
        assert words in text


@pytest.mark.parametrize(
    ("error", "code"), [(UsageError("x"), 2), (DataError("x"), 3), (KeyboardInterrupt(), 130)]
)
def test_exit_codes(error, code, capsys):
    def main(config):
        raise error

    assert outcome(main, Config, "doc", ["a.wav"]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_a_fault_of_ours_shows_where(capsys):
    def main(config):
        return 1 / 0

    assert outcome(main, Config, "doc", ["a.wav"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_contract_imports_no_tensorflow():
    code = (
        "import sys, gan, fad, detect, xai, study, audio.datasets, audio.frontends\n"
        "assert not {'tensorflow', 'keras', 'librosa', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
