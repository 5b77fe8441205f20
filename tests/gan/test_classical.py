"""Copies without training keep speaker, words and timing."""

import numpy as np
import pytest

from audio.datasets.starter.cutting import level_track
from experiment.seeds import rng
from gan.classical import CLASSICAL, open_module
from gan.classical.lpc import _pitch


@pytest.fixture(scope="module")
def voice(speech):
    return speech[0].samples.astype(float)


@pytest.mark.parametrize("name", CLASSICAL)
def test_a_copy_keeps_timing_and_level(voice, name):
    copy = open_module(name).copy(voice, rng(0))
    assert len(voice) - 160 <= len(copy) <= len(voice)
    assert np.isfinite(copy).all()
    levels = level_track(voice, 16000)[: len(level_track(copy, 16000))]
    assert np.corrcoef(levels, level_track(copy, 16000))[0, 1] > 0.7
    assert abs(10 * np.log10((copy**2).mean() / (voice**2).mean())) < 4


@pytest.mark.parametrize("name", CLASSICAL)
def test_a_copy_is_new_sound_and_the_same_each_time(voice, name):
    copy = open_module(name).copy(voice, rng(0))
    assert np.array_equal(copy, open_module(name).copy(voice, rng(0)))
    assert np.abs(copy - voice[: len(copy)]).max() > 0.1 * np.abs(voice).max()


def test_the_pitch_of_pulses_is_found():
    pulses = (np.arange(16000) % 100 == 0).astype(float)
    found = _pitch(pulses + 0.01 * rng(0).standard_normal(16000))[20:-20]
    assert np.median(found) == pytest.approx(160, abs=1)
    assert (_pitch(rng(0).standard_normal(16000)) == 0).mean() > 0.9
