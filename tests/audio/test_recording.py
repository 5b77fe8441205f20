"""Recordings piece by piece: as if never cut, and in the format that they had."""

import numpy as np
import pytest
import soundfile

from audio.recording import encoded, examine, joined, pieces, writer
from experiment.errors import DataError

RATE = 8000


@pytest.fixture
def noise():
    return np.random.default_rng(0).uniform(-0.5, 0.5, 5 * RATE).astype(np.float32)


def written(path, samples, rate=RATE, **settings):
    soundfile.write(path, samples, rate, **settings)
    return examine(path)


def test_pieces_that_are_joined_are_the_recording(noise, tmp_path):
    recording = written(tmp_path / "a.wav", noise, subtype="FLOAT")
    cut = list(pieces(recording, 1.0, 0.1))
    assert len(cut) == 5 and [len(part) for part in cut[:4]] == [RATE + RATE // 10] * 4
    whole = np.concatenate(list(joined(cut, RATE // 10)))
    np.testing.assert_allclose(whole, noise, atol=1e-6)


@pytest.mark.parametrize("length", [1, 100, RATE, RATE + 1, 2 * RATE - 1])
def test_any_length_comes_back(noise, tmp_path, length):
    recording = written(tmp_path / "a.wav", noise[:length], subtype="FLOAT")
    whole = np.concatenate(list(joined(pieces(recording, 0.5, 0.1), RATE // 10)))
    np.testing.assert_allclose(whole, noise[:length], atol=1e-6)


FORMATS = [
    ("a.wav", "WAV", "PCM_16", 8000),
    ("a.wav", "WAV", "ULAW", 8000),
    ("a.flac", "FLAC", "PCM_24", 44100),
    ("a.ogg", "OGG", "VORBIS", 24000),
    ("a.opus", "OGG", "OPUS", 48000),
    ("a.mp3", "MP3", "MPEG_LAYER_III", 22050),
    ("lie.wav", "MP3", "MPEG_LAYER_III", 16000),
]


@pytest.mark.parametrize("name, container, subtype, rate", FORMATS)
def test_the_format_is_kept(noise, tmp_path, name, container, subtype, rate):
    recording = written(tmp_path / name, noise, rate, format=container, subtype=subtype)
    target = tmp_path / f"new{recording.suffix}"
    with writer(target, recording) as put:
        for part in pieces(recording):
            put(part)
    again = examine(target)
    assert (again.container, again.subtype, again.rate) == (container, subtype, rate)
    assert again.length == recording.length and again.suffix == recording.suffix


def test_sixteen_bits_come_back_as_they_were(tmp_path):
    values = np.arange(-32768, 32768, dtype=np.int16)
    recording = written(tmp_path / "a.wav", values)
    with writer(tmp_path / "b.wav", recording) as put:
        put(next(pieces(recording)))
    assert (soundfile.read(tmp_path / "b.wav", dtype="int16")[0] == values).all()


@pytest.mark.parametrize("container, subtype", [("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS")])
def test_a_lossy_codec_is_passed_without_lag(speech, tmp_path, container, subtype):
    clip = speech[0]
    path = tmp_path / "a"
    recording = written(path, clip.samples, clip.rate, format=container, subtype=subtype)
    heard = encoded(clip.samples, recording)
    assert len(heard) == len(clip.samples) and not np.array_equal(heard, clip.samples)
    assert np.corrcoef(heard, clip.samples)[0, 1] > 0.95


def test_a_lossless_one_changes_nothing(noise, tmp_path):
    recording = written(tmp_path / "a.wav", noise)
    assert encoded(noise, recording) is noise


def test_samples_that_are_not_finite_are_named(noise, tmp_path):
    noise[1234] = np.nan
    recording = written(tmp_path / "a.wav", noise, subtype="FLOAT")
    with pytest.raises(DataError, match="sample 1234 is nan"):
        list(pieces(recording))


def test_what_is_not_sound_is_refused(tmp_path):
    (tmp_path / "a.wav").write_text("<html>")
    with pytest.raises(DataError, match="not audio"):
        examine(tmp_path / "a.wav")
