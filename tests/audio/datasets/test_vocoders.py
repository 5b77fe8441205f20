"""Copies keep speaker, words and timing; engines speak, the same each time."""

import sys

import numpy as np
import pytest

from audio.datasets.starter.channel import level_track
from audio.datasets.starter.engines import ENGINES, VOCODERS
from audio.datasets.starter.engines.lpc import _pitch
from audio.datasets.starter.engines.tools import does_not_start, run
from experiment.errors import DataError
from experiment.seeds import rng

AT_HAND = [name for name, engine in ENGINES.items() if not engine.packages and not engine.optional]


@pytest.fixture(scope="module")
def voice(speech):
    return speech[0].samples.astype(float)


@pytest.mark.parametrize("name", VOCODERS)
def test_a_copy_keeps_timing_and_level(voice, name):
    copy = VOCODERS[name].copy(voice, rng(0))
    assert len(voice) - 160 <= len(copy) <= len(voice)
    assert np.isfinite(copy).all()
    levels = level_track(voice)[: len(level_track(copy))]
    assert np.corrcoef(levels, level_track(copy))[0, 1] > 0.7
    assert abs(10 * np.log10((copy**2).mean() / (voice**2).mean())) < 4


@pytest.mark.parametrize("name", VOCODERS)
def test_a_copy_is_new_sound_and_the_same_each_time(voice, name):
    copy = VOCODERS[name].copy(voice, rng(0))
    assert np.array_equal(copy, VOCODERS[name].copy(voice, rng(0)))
    assert np.abs(copy - voice[: len(copy)]).max() > 0.1 * np.abs(voice).max()


def test_the_pitch_of_pulses_is_found():
    pulses = (np.arange(16000) % 100 == 0).astype(float)
    found = _pitch(pulses + 0.01 * rng(0).standard_normal(16000))[20:-20]
    assert np.median(found) == pytest.approx(160, abs=1)
    assert (_pitch(rng(0).standard_normal(16000)) == 0).mean() > 0.9


@pytest.mark.parametrize("name", AT_HAND)
def test_an_engine_speaks_the_same_each_time(name, tmp_path):
    engine = ENGINES[name]
    language, voices = next(iter(next(iter(engine.voices.values())).items()))
    texts = ["The door is open and the light is on.", "Who is there?"]
    said = engine.speak(texts, voices[0], None, tmp_path, 0)
    again = engine.speak(texts, voices[0], None, tmp_path, 0)
    for (samples, rate), (repeated, _) in zip(said, again, strict=True):
        assert rate >= 16000
        assert 0.3 < len(samples) / rate < 6
        assert np.abs(samples).max() > 0.05
        assert np.array_equal(samples, repeated)


def test_a_program_that_does_not_start_says_why(tmp_path):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho no such library >&2; exit 127\n")
    program.chmod(0o755)
    assert does_not_start([str(program)], tmp_path) == "no such library"
    assert "No such file" in does_not_start([str(tmp_path / "none")], tmp_path)
    assert does_not_start([sys.executable, "--version"], tmp_path) == ""


def test_a_tool_that_fails_is_one_sentence():
    with pytest.raises(DataError, match=r"failed \(.*no voice"):
        run([sys.executable, "-c", "raise SystemExit('no voice')"])


@pytest.mark.parametrize("name", ENGINES)
def test_no_voice_is_in_two_splits(name):
    heard = [
        {voice for voices in by_language.values() for voice in voices}
        for by_language in ENGINES[name].voices.values()
    ]
    assert sum(map(len, heard)) == len(set().union(*heard))


def test_three_engines_are_unseen_and_one_of_them_is_neural():
    unseen = {name for name, engine in ENGINES.items() if "train" not in engine.voices}
    assert len(unseen) >= 3
    assert {"hibari", "piper"} <= unseen
