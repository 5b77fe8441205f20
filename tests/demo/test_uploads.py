import tempfile

import numpy as np
import pytest
import soundfile

from audio.clip import read_clip
from demo import uploads
from experiment.errors import DataError
from tests.faults.test_sound_files import UNREADABLE


def test_a_clip_is_read_as_everywhere(clips, limits):
    clip = uploads.read_bytes("x.flac", clips["real"].read_bytes(), limits)
    assert clip.digest == read_clip(clips["real"]).digest


@pytest.mark.parametrize("case", sorted(set(UNREADABLE) - {"missing"}))
def test_what_cannot_be_read_is_named_as_the_visitor_names_it(case, limits, tmp_path):
    UNREADABLE[case][0](tmp_path / "clip.wav")
    content = (tmp_path / "clip.wav").read_bytes()
    with pytest.raises(DataError, match=r"^my <b>clip</b>\.wav: ") as found:
        uploads.read_bytes("my <b>clip</b>.wav", content, limits)
    assert tempfile.gettempdir() not in str(found.value) and "\n" not in str(found.value)


def flac(path, frames, channels=1, rate=4000):
    soundfile.write(path, np.zeros((frames, channels)), rate, format="FLAC")
    return path


def test_bounds_hold_before_anything_is_decoded(limits, tmp_path, monkeypatch):
    def never(path, rate):
        raise AssertionError("decoded")

    monkeypatch.setattr(uploads, "read_clip", never)
    with pytest.raises(DataError, match=r"3\.0 MB, at most 1 MB"):
        uploads.read_bytes("large.wav", bytes(3 << 20), limits)
    with pytest.raises(DataError, match=r"0\.6 minutes, at most 0\.5"):
        uploads.read_file(flac(tmp_path / "x", 36 * 4000), "x", limits)
    with pytest.raises(DataError, match=r"0\.6 minutes"):
        uploads.read_bytes("long.g722", bytes(36 * 8000), limits)
    monkeypatch.setattr(uploads, "VALUES", 1_000_000)
    with pytest.raises(DataError, match="2 million samples, at most 1 million"):
        uploads.read_file(flac(tmp_path / "x", 250_000, 8, 48000), "x", limits)


def test_a_stream_without_a_length_is_refused(limits, tmp_path):
    content = bytearray(flac(tmp_path / "x", 4000).read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)  # STREAMINFO: the number of samples is unknown
    with pytest.raises(DataError, match="does not say how long it is"):
        uploads.read_bytes("x.flac", bytes(content), limits)


def test_nothing_is_left_in_the_temporary_folder(clips, limits, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    uploads.read_bytes("x", clips["real"].read_bytes(), limits)
    with pytest.raises(DataError):
        uploads.read_bytes("x", b"no sound", limits)
    assert not list(tmp_path.iterdir())
