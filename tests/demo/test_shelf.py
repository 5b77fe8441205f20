"""Who needs an upload, and what is left when nobody does."""

import os
import subprocess
import sys
import tempfile

import pytest

from demo import scratch
from demo.shelf import GRACE, KEPT, Shelf

HASH = "a" * 64


class Clock:
    """Seconds that pass when we say so."""

    def __init__(self):
        self.now = 1e9

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def upload(tmp_path, clock):
    def write(name=f"{HASH}/clip.wav"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"sound")
        os.utime(path, (clock.now, clock.now))
        return path

    return write


def test_a_file_stays_while_other_calls_of_the_same_content_wait(tmp_path, clock, upload):
    waiting = [f"{HASH}/clip.wav"]
    shelf, path = Shelf(tmp_path, lambda: repr(waiting), clock), upload()
    clock.now += 100 * GRACE
    shelf.sweep()
    assert path.exists()
    waiting.clear()
    shelf.use(path)
    shelf.sweep()
    assert path.exists(), "another caller may just have uploaded it"
    clock.now += GRACE + 1
    shelf.sweep()
    assert not list(tmp_path.iterdir())


def test_a_session_keeps_its_file_until_it_ends_or_is_forgotten(tmp_path, clock, upload):
    shelf, path = Shelf(tmp_path, str, clock), upload()
    shelf.hold("one", path)
    shelf.hold("two", path)
    clock.now += KEPT / 2
    shelf.sweep()
    shelf.release("one")
    assert path.exists()
    shelf.release("two")
    assert not path.exists()
    path = upload()
    shelf.hold("vanished", path)
    clock.now += KEPT + 1
    shelf.sweep()
    assert not path.exists()


def test_an_interrupted_upload_is_swept_and_a_growing_one_is_not(tmp_path, clock, upload):
    shelf, part = Shelf(tmp_path, str, clock), upload("tmpab12")
    clock.now += GRACE - 1
    shelf.sweep()
    assert part.exists()
    clock.now += 2
    shelf.sweep()
    assert not part.exists()


def test_folders_of_pages_that_were_killed_are_swept_and_others_are_not(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                           capture_output=True, text=True, check=True)  # fmt: skip
    dead = tmp_path / f"demo-{ended.stdout.strip()}-xyz"
    other = tmp_path / "demo-of-somebody"
    for path in (dead, other):
        path.mkdir()
        (path / "clip.wav").touch()
    with scratch.folder() as mine:
        scratch.sweep()
        assert not dead.exists() and other.exists() and os.path.isdir(mine)
        scratch.sweep(ours=True)
        assert not os.path.isdir(mine)
