import numpy as np
import pandas as pd
import pytest

from audio.clip import make_clip, write_wav
from audio.leaks import recordings, shared
from audio.manifest import row, save
from audio.presentation import parse
from experiment.errors import DataError


@pytest.fixture
def two(speech, tmp_path):
    """Folders a and b of five clips each, of which one is in both, in b as a cut mp3."""
    long = [clip.samples for clip in speech if clip.seconds >= 2][:9]
    for number, sound in enumerate(long[:5]):
        write_wav(tmp_path / "a" / f"{number}.wav", sound)
    again = parse("mp3:32k").apply(long[2][4800:], 16000)
    write_wav(tmp_path / "b" / "again.wav", again)
    for number, sound in enumerate(long[5:]):
        write_wav(tmp_path / "b" / "deep" / f"{number}.wav", sound)
    return tmp_path / "a", tmp_path / "b"


def test_the_one_clip_that_two_folders_share_is_found(two):
    found, left_out = shared(*map(recordings, two), workers=1)
    assert len(found) == 1 and not len(left_out)
    assert found.loc[0, "first"] == "2.wav" and found.loc[0, "second"] == "again.wav"
    assert found.loc[0, "offset"] == pytest.approx(0.3, abs=0.04)


def test_what_cannot_be_compared_is_said(two):
    write_wav(two[0] / "silent.wav", np.zeros(16000, np.float32))
    (two[1] / "broken.wav").write_bytes(b"no sound")
    found, left_out = shared(*map(recordings, two), workers=1)
    assert len(found) == 1
    assert left_out["reason"].str.contains("too quiet|not audio").all() and len(left_out) == 2


def test_recordings_come_from_manifests_and_folders(two, tmp_path, speech):
    path = two[0] / "0.wav"
    entry = row(make_clip(speech[0].samples), path, label="bonafide", name="mine")
    save(pd.DataFrame([entry]), tmp_path / "m.csv")
    assert recordings(tmp_path / "m.csv") == {"mine": str(path)}
    assert set(recordings(two[1])) == {"again.wav", *(f"deep/{i}.wav" for i in range(4))}
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no sound files"):
        recordings(tmp_path / "empty")
    with pytest.raises(DataError, match="no such folder"):
        recordings(tmp_path / "nowhere")
