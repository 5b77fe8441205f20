"""What studios, telephone exchanges and phones write is read, and a cut file is told."""

import numpy as np
import pytest
import soundfile

from audio import decoding
from audio.clip import read_clip
from audio.truncation import is_cut
from experiment.errors import DataError
from tests.faults.formats import FFMPEG, SNDFILE, encode, sound, write


@pytest.mark.parametrize("suffix", [*SNDFILE, *FFMPEG])
def test_every_format_is_read_whole(suffix, tmp_path):
    path = write(tmp_path, suffix)
    if path is None:
        pytest.skip(f"this FFmpeg has no encoder for {suffix}")
    clip = read_clip(path)
    assert set(clip.flags) <= {"above full scale"} and not is_cut(path)  # codecs overshoot
    assert clip.seconds == pytest.approx(1, abs=0.12)
    spectrum = np.abs(np.fft.rfft(clip.samples))
    assert spectrum.argmax() / clip.seconds == pytest.approx(440, abs=3)


CUT = {"wav", "flac", "aiff", "aifc", "au", "caf", "w64", "rf64", "sph", "mp3", "ogg", "opus"}
CUT |= {"amr", "gsm.wav"}


@pytest.mark.parametrize("suffix", sorted(CUT))
def test_a_cut_file_is_flagged_or_with_strict_refused(suffix, tmp_path):
    path = write(tmp_path, suffix)
    if path is None:
        pytest.skip(f"this FFmpeg has no encoder for {suffix}")
    content = path.read_bytes()
    for share in (0.5, 0.83):
        path.write_bytes(content[: int(share * len(content))])
        try:
            clip = read_clip(path)
        except DataError as error:
            assert "header without samples" in str(error) or "malformed" in str(error)
            continue
        assert "truncated file" in clip.flags
        with pytest.raises(DataError, match="fewer samples than its header declares"):
            read_clip(path, strict=True)


@pytest.mark.parametrize("suffix", ["m4a", "mp4"])
def test_a_cut_film_is_refused_in_one_sentence(suffix, tmp_path):
    path = write(tmp_path, suffix)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(DataError, match="not audio that can be read") as found:
        read_clip(path)
    assert "\n" not in str(found.value)


def test_the_sound_of_a_film_is_read_and_a_silent_film_is_named(tmp_path):
    encode(tmp_path / "film.mp4", "aac", 44100, pictures=True)
    assert read_clip(tmp_path / "film.mp4").seconds == pytest.approx(1, abs=0.1)
    encode(tmp_path / "mute.mp4", None, 0, pictures=True, sounds=False)
    with pytest.raises(DataError, match="no sound in it, only pictures"):
        read_clip(tmp_path / "mute.mp4")


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{0}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{0}'\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
        "<MPD><Period><BaseURL>file://{0}</BaseURL></Period></MPD>",
    ],
    ids=["hls", "concat", "sdp", "dash"],
)
def test_a_list_cannot_name_another_file_or_an_address(text, tmp_path):
    soundfile.write(tmp_path / "secret.wav", sound(16000), 16000)
    for name in ("list.m3u8", "list.wav", "list.mp4", "list.ffconcat"):
        (tmp_path / name).write_text(text.format(tmp_path / "secret.wav"))
        with pytest.raises(DataError, match="not audio that can be read"):
            read_clip(tmp_path / name)


def test_a_flac_of_unknown_length_is_read(tmp_path):
    soundfile.write(tmp_path / "x.flac", sound(16000), 16000)
    content = bytearray((tmp_path / "x.flac").read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    (tmp_path / "x.flac").write_bytes(content)
    assert read_clip(tmp_path / "x.flac", strict=True).seconds == 1


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "m4a", "webm"])
def test_what_is_longer_than_allowed_is_refused_while_it_is_decoded(suffix, tmp_path):
    with pytest.raises(DataError, match="minutes; cut it to at most"):
        read_clip(write(tmp_path, suffix), seconds=0.5)


def test_frames_times_channels_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "MAX_VALUES", 20000)
    soundfile.write(tmp_path / "x.wav", np.zeros((9000, 3)), 16000)
    with pytest.raises(DataError, match="mix it to one channel"):
        read_clip(tmp_path / "x.wav")


def test_what_is_no_file_is_named(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "folder.wav").mkdir()
    for name in ("pipe.wav", "folder.wav"):
        with pytest.raises(DataError, match="not a file"):
            read_clip(tmp_path / name)
