"""Bad sound files, each made here: one clear sentence, nothing lost, nothing silently wrong."""

import struct

import numpy as np
import pytest
import soundfile

from audio.clip import RATE, fit, read_clip, write_wav
from experiment.errors import DataError


def wav(path, data, *, rate=RATE, channels=1, declared=None, bits=16):
    """Write a RIFF header of our choice before `data`."""
    size = len(data) if declared is None else declared
    block = channels * bits // 8
    fmt = struct.pack("<HHIIHH", 1, channels, rate, (rate * block) & 0xFFFFFFFF, block, bits)
    riff = (36 + size) & 0xFFFFFFFF
    head = b"RIFF" + struct.pack("<I", riff) + b"WAVEfmt " + struct.pack("<I", 16) + fmt
    path.write_bytes(head + b"data" + struct.pack("<I", size) + data)
    return path


def pcm(seconds=0.5, rate=RATE):
    noise = np.random.default_rng(0).normal(0, 3000, int(seconds * rate))
    return noise.astype("<i2").tobytes()


UNREADABLE = {
    "empty": (lambda p: p.write_bytes(b""), "not audio"),
    "html": (lambda p: p.write_text("<!doctype html><title>404</title>"), "not audio"),
    "random": (lambda p: p.write_bytes(np.random.default_rng(1).bytes(5000)), "not audio"),
    "header only": (lambda p: wav(p, b""), "header without samples"),
    "no channels": (lambda p: wav(p, pcm(), channels=0), "not audio|channels"),
    "no rate": (lambda p: wav(p, pcm(), rate=0), "not audio|rate"),
    "1 Hz": (lambda p: wav(p, pcm(), rate=1), "a rate of 1 Hz"),
    "1024 channels": (
        lambda p: wav(p, bytes(2048 * 20), channels=1024),
        "1024 channels|not audio",
    ),
    "five hours": (
        lambda p: soundfile.write(p, np.zeros(2000 * 18000, "i2"), 2000, "PCM_U8"),
        "5.0 hours",
    ),
    "missing": (lambda p: None, "no such file"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_refused_with_one_sentence(case, tmp_path):
    write, words = UNREADABLE[case]
    path = tmp_path / "clip.wav"
    write(path)
    with pytest.raises(DataError, match=words) as found:
        read_clip(path)
    assert str(path) in str(found.value)
    assert "\n" not in str(found.value)


def test_a_truncated_file_is_flagged_or_with_strict_refused(tmp_path):
    path = wav(tmp_path / "cut.wav", pcm(), declared=4 * len(pcm()))
    assert "truncated file" in read_clip(path).flags
    with pytest.raises(DataError, match="fewer samples than its header declares"):
        read_clip(path, strict=True)


def test_a_streaming_header_is_accepted(tmp_path):
    clip = read_clip(wav(tmp_path / "stream.wav", pcm(), declared=0xFFFFFFFF), strict=True)
    assert len(clip.samples) == RATE // 2
    assert clip.flags == ()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_sample_that_is_not_finite_is_named_by_its_index(value, tmp_path):
    samples = np.zeros(1000, np.float32)
    samples[123] = value
    soundfile.write(tmp_path / "x.wav", samples, RATE, "FLOAT")
    with pytest.raises(DataError, match="sample 123"):
        read_clip(tmp_path / "x.wav")


def test_a_peak_above_full_scale_is_kept_and_flagged(tmp_path):
    samples = np.full(1000, 0.1, np.float32)
    samples[5] = 2.5
    soundfile.write(tmp_path / "x.wav", samples, RATE, "FLOAT")
    clip = read_clip(tmp_path / "x.wav")
    assert clip.samples.max() == 2.5
    assert clip.flags == ("above full scale",)
    with pytest.warns(UserWarning, match=r"peak 2\.5 scaled down"):
        write_wav(tmp_path / "y.wav", clip.samples)
    assert abs(read_clip(tmp_path / "y.wav").samples[0] - 0.04) < 1e-3


@pytest.mark.parametrize(("level", "flag"), [(0.0, "silent"), (0.3, "constant")])
def test_silence_and_dc_are_flagged(level, flag, tmp_path):
    soundfile.write(tmp_path / "x.wav", np.full(1000, level), RATE)
    assert read_clip(tmp_path / "x.wav").flags == (flag,)


def test_antiphase_stereo_is_flagged(speech, tmp_path):
    mono = speech[0].samples
    soundfile.write(tmp_path / "x.wav", np.stack([mono, -mono], 1), RATE, "FLOAT")
    assert "antiphase stereo" in read_clip(tmp_path / "x.wav").flags


@pytest.mark.parametrize(
    ("subtype", "tolerance"),
    [
        ("PCM_U8", 2**-7),
        ("PCM_16", 2**-15),
        ("PCM_24", 2**-23),
        ("PCM_32", 2**-24),
        ("FLOAT", 0),
        ("DOUBLE", 0),
        ("ALAW", 0.05),
        ("IMA_ADPCM", 0.2),
    ],
)
def test_every_sample_format_gives_the_same_clip(subtype, tolerance, speech, tmp_path):
    samples = speech[0].samples / 2
    soundfile.write(tmp_path / "x.wav", samples, RATE, subtype)
    read = read_clip(tmp_path / "x.wav").samples[: len(samples)]
    assert np.abs(read - samples).max() <= tolerance


@pytest.mark.parametrize("kind", [("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"), ("FLAC", "PCM_16")])
def test_the_content_decides_not_the_name(kind, speech, tmp_path):
    path = tmp_path / "lies.wav"
    soundfile.write(path, speech[0].samples, RATE, format=kind[0], subtype=kind[1])
    clip = read_clip(path)
    n = min(len(clip.samples), len(speech[0].samples))
    assert abs(len(clip.samples) - len(speech[0].samples)) < 3000
    assert np.corrcoef(np.abs(clip.samples[:n]), np.abs(speech[0].samples[:n]))[0, 1] > 0.3


@pytest.mark.parametrize("extra", [-1, 0, 1])
@pytest.mark.parametrize("rule", ["repeat", "pad"])
def test_one_sample_around_the_crop_length(extra, rule):
    samples = np.arange(1, 101 + extra, dtype=np.float32)
    fitted = fit(samples, 100, rule)
    assert len(fitted) == 100
    n = min(100, len(samples))
    assert np.array_equal(fitted[:n], samples[:n])
    if extra < 0:
        assert fitted[-1] == (1 if rule == "repeat" else 0)


def test_too_short_is_refused_by_the_rule_truncate():
    with pytest.raises(DataError, match="99 samples, 100 are needed"):
        fit(np.zeros(99), 100, "truncate")


@pytest.mark.parametrize("name", ["\u202egnp.wav", "über \U0001f600.wav", b"\xff\xfe.wav"])
def test_odd_file_names_are_read(name, speech, tmp_path):
    import os

    path = tmp_path / os.fsdecode(name)
    write_wav(path, speech[0].samples)
    assert read_clip(path).seconds > 0.5
