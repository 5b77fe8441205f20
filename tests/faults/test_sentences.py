"""What a user gets wrong, and what a system refuses: one sentence, exit code 2 or 3."""

import errno
import os
from dataclasses import dataclass, field

import pytest

from experiment import ranges
from experiment.command import outcome
from experiment.errors import DataError, UsageError
from experiment.files import REFUSALS, reason
from experiment.parallel import each
from experiment.progress import say, shown
from experiment.tables import defused
from fake_audio.commands import call
from study.config import StudyConfig


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Anything.

    Attributes
    ----------
    seed : int
        A number.
    out : str
        A name.
    """

    seed: int = 0
    out: str = ""


def run(main, *argv):
    return outcome(main, Settings, "test", list(argv))


def one_line(capsys):
    text = capsys.readouterr().err
    assert text.startswith("error: ") and text.count("\n") == 1 and "Traceback" not in text
    return text


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_what_the_system_refuses_is_a_sentence(code, capsys):
    def main(settings):
        raise OSError(code, os.strerror(code), "/data/\x1b[31mred\nname")

    assert run(main) == 2
    assert r"\x1b[31mred\nname" in one_line(capsys)


def test_any_other_fault_is_ours(capsys):
    def main(settings):
        raise OSError(errno.EBADF, "bad file descriptor")

    assert run(main) == 1
    assert "fault of the toolkit" in capsys.readouterr().err


RECIPES = {
    "null": b"null\n",
    "a list": b"- 1\n- 2\n",
    "a word": b"seed",
    "empty": b"",
    "utf-16": "seed: 3".encode("utf-16"),
    "latin": b"out: \xe9\xff\n",
    "deep": b"seed: " + b"[" * 100_000,
    "exploding": b"a: &a [1,1]\nb: &b [*a,*a]\nc: &c [*b,*b]\nseed: *c\n",
    "code": b"seed: !!python/object/apply:os.system ['true']\n",
    "tabs": b"seed:\t3\n\tout: x\n",
    "huge": b"# " + b"x" * (2 << 20),
}


@pytest.mark.parametrize("kind", RECIPES)
def test_a_recipe_that_is_none(kind, tmp_path, capsys):
    (tmp_path / "r.yaml").write_bytes(RECIPES[kind])
    assert run(lambda settings: 0, "--recipe", str(tmp_path / "r.yaml")) in (2, 3)
    assert len(one_line(capsys)) < 600


def test_a_recipe_that_is_a_pipe_or_a_folder(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", tmp_path, tmp_path / "none.yaml"):
        assert run(lambda settings: 0, f"--recipe={path}") == 2
        assert "no such recipe" in one_line(capsys)


@dataclass(frozen=True)
class Many:
    """Settings with ranges."""

    seed: int = 0
    workers: int | None = None
    gan_seconds: float = 1.0
    dim: int = 1
    steps: int = 1
    names: tuple = field(default=())
    resume: bool = False


@pytest.mark.parametrize(
    "values",
    [
        {"seed": -1},
        {"workers": -3},
        {"workers": 0},
        {"gan_seconds": float("nan")},
        {"gan_seconds": float("inf")},
        {"gan_seconds": 0.0},
        {"dim": 0},
        {"steps": -5},
    ],
)
def test_settings_out_of_range_are_refused(values):
    ranges.require(Many())
    with pytest.raises(UsageError, match=next(iter(values)).replace("_", "-")):
        ranges.require(Many(**values))


def test_a_command_refuses_before_it_starts(capsys, tmp_path):
    assert call("train-gan", ["--data", "nowhere", "--out", str(tmp_path), "--seed", "-1"]) == 2
    assert "seed is -1; give at least 0" in one_line(capsys)
    assert call("detect", ["x.wav", "--step=-1"]) == 2
    assert "step is -1.0; give more than 0" in one_line(capsys)
    assert call("detect", ["x.wav", "--resume"]) == 2
    assert "name it with --out" in one_line(capsys)
    with pytest.raises(UsageError, match="unknown detector 'cnm'"):
        StudyConfig(detectors=("cnm",))


def test_no_scheduler_is_a_sentence(monkeypatch):
    monkeypatch.setattr("experiment.parallel.PATIENCE", "200ms")
    for address in ("tcp://127.0.0.1:1", "nonsense://x", "tcp://127.0.0.1:99999"):
        with pytest.raises(UsageError, match="no scheduler answers at"):
            list(each(abs, [1, 2], scheduler=address))


def test_messages_of_others_are_cut_to_a_line():
    assert reason(ValueError("first\nsecond" * 1000)) == "first"
    assert len(reason(ValueError("x" * 10_000))) < 210
    assert reason(ValueError("")) == "ValueError"


def test_what_is_said_is_one_line(capsys):
    say("a\nb\x1b[2J\x9b\u2028c")
    assert capsys.readouterr().err == "a\\nb\\x1b[2J\\x9b\\u2028c\n"
    assert shown("plain ü 😀 text") == "plain ü 😀 text"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text):
    assert defused(text) == f"'{text}"
    assert defused("a=1") == "a=1" and defused(-1.5) == -1.5


@pytest.mark.parametrize(("error", "code"), [(UsageError("a"), 2), (DataError("a\nb"), 3)])
def test_codes_and_lines(error, code, capsys):
    def main(settings):
        raise error

    assert run(main) == code
    one_line(capsys)
