import json

import pytest

from audio.datasets import DATASETS
from audio.manifest import load
from fake_audio.commands import call
from tests.audio.datasets.test_published import lay


def run(*argv):
    return call("check-data", argv)


@pytest.fixture
def whole(tmp_path, speech, monkeypatch):
    """A tree of four clips, with official counts to match."""
    counts = {("train", "bonafide"): 1, ("train", "spoof"): 1}
    counts |= {("dev", "bonafide"): 1, ("test", "spoof"): 1}
    entry = DATASETS["asvspoof2017"]
    monkeypatch.setitem(DATASETS, "asvspoof2017", type(entry)(entry.read, entry.title, "", counts))
    return lay("asvspoof2017", tmp_path / "data", speech)


def test_a_whole_copy_is_called_whole(whole, tmp_path, capsys):
    assert run("asvspoof2017", whole, "--save", tmp_path / "m.parquet") == 0
    assert "whole; 4 clips were decoded" in capsys.readouterr().out
    assert len(load(tmp_path / "m.parquet")) == 4


def test_faults_are_named_and_the_code_is_3(whole, capsys):
    sounds = sorted(whole.rglob("*.wav"))
    sounds[0].unlink()
    sounds[1].write_bytes(sounds[1].read_bytes()[:3000])
    (sounds[2].parent / "more.wav").write_bytes(sounds[2].read_bytes())
    assert run("asvspoof2017", whole, "--json") == 3
    found = json.loads(capsys.readouterr().out)
    assert not found["whole"]
    assert [len(found[key]) for key in ("missing", "unreadable", "extra")] == [1, 1, 1]
    assert len(found["faults"]) == 3
    assert "has 0 of 1" in found["faults"][0]


def test_the_sample_bounds_what_is_decoded(whole, capsys):
    assert run("asvspoof2017", whole, "--sample", 1, "--json") == 0
    assert json.loads(capsys.readouterr().out)["sampled"] == 1


def test_without_official_counts_none_are_claimed(tmp_path, speech, capsys):
    assert run("for_2sec", lay("for_2sec", tmp_path, speech)) == 0
    assert "no official count known" in capsys.readouterr().out


def test_another_folder_is_an_error_of_data(tmp_path, capsys):
    assert run("asvspoof5", tmp_path) == 3
    assert run("asvspoof5", tmp_path / "nowhere") == 3
    assert run("asvspoof1066", tmp_path) == 2


def test_two_folders_that_share_a_recording(speech, tmp_path, capsys):
    from audio.clip import write_wav

    long = [clip.samples for clip in speech if clip.seconds >= 2][:3]
    write_wav(tmp_path / "a" / "one.wav", long[0])
    write_wav(tmp_path / "a" / "two.wav", long[1])
    write_wav(tmp_path / "b" / "same.wav", 0.3 * long[0][3000:])
    write_wav(tmp_path / "c" / "other.wav", long[2])
    options = ("--workers", 1)
    assert run(tmp_path / "a", tmp_path / "b", "--save", tmp_path / "s.csv", *options) == 3
    assert "share recordings: 1 pairs\n  one.wav = same.wav" in capsys.readouterr().out
    assert "one.wav,same.wav" in (tmp_path / "s.csv").read_text()
    assert run(tmp_path / "a", tmp_path / "c", *options) == 0
    assert "share no recording" in capsys.readouterr().out
    assert run(tmp_path / "a", tmp_path / "b", "--json", *options) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["clips"] == [2, 1] and len(found["shared"]) == 1
