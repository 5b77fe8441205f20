import numpy as np
import pytest
import soundfile

from audio.clip import read_clip
from audio.decoding import decode
from audio.plain import HEADER, read_plain


@pytest.fixture
def written(tmp_path):
    def write(channels=1, subtype="PCM_16", frames=1000):
        path = tmp_path / "a.wav"
        values = np.random.default_rng(0).uniform(-1, 1, (frames, channels))
        soundfile.write(path, values, 22050, subtype=subtype, format="WAV")
        return path

    return write


def plain(path):
    return read_plain(path, path.stat().st_size)


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_equals_libsndfile(written, channels):
    path = written(channels)
    values, rate = plain(path)
    assert np.array_equal(values, soundfile.read(path, dtype="int16", always_2d=True)[0])
    assert rate == 22050
    mixed = soundfile.read(path, dtype="float32", always_2d=True)[0].mean(axis=1)
    np.testing.assert_allclose(decode(path).samples, mixed, atol=1e-7)


def test_flags_are_those_of_the_decoder(written):
    path = written(2)
    content = bytearray(path.read_bytes())
    values = np.frombuffer(content, "<i2", offset=HEADER.size).reshape(-1, 2)
    values[:, 1] = -values[:, 0]
    path.write_bytes(content)
    assert "antiphase stereo" in read_clip(path).flags
    path.write_bytes(content[:-100])
    assert "truncated file" in read_clip(path).flags


@pytest.mark.parametrize("subtype", ["PCM_24", "PCM_U8", "FLOAT", "ULAW", "IMA_ADPCM"])
def test_leaves_other_codings_to_the_decoder(written, subtype):
    assert plain(written(subtype=subtype)) is None


def test_leaves_other_headers_to_the_decoder(written):
    path = written()
    content = path.read_bytes()
    for damaged in (content[:-1], content + b"LIST\x00\x00\x00\x00", content[:44], content[:10]):
        path.write_bytes(damaged)
        assert plain(path) is None
    for place in range(44):
        changed = bytearray(content)
        changed[place] ^= 0x10
        path.write_bytes(changed)
        assert plain(path) is None
