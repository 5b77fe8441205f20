"""Clips are whole, trimmed and within bounds, at any rate."""

import numpy as np
import pytest

from audio.datasets.starter.cutting import LONGEST, SHORTEST, active_level, cut, join, trim
from experiment.seeds import rng

RATE = 16000


@pytest.fixture(scope="module")
def voice(speech):
    return max(speech, key=lambda clip: clip.seconds).samples.astype(float)


@pytest.mark.parametrize("rate", [16000, 22050])
def test_clips_are_whole_trimmed_and_within_bounds(voice, rate):
    long = np.concatenate([np.zeros(9000), *[np.r_[voice, np.zeros(4000)]] * 5])
    clips = cut(long, rate)
    assert len(clips) > 1
    assert all(SHORTEST * rate <= len(clip) <= LONGEST * rate for clip in clips)
    assert all(np.abs(clip[: rate // 100]).max() > 0 for clip in clips)
    assert cut(voice[: rate // 2], rate) == []


def test_trimming_takes_silence_only(voice):
    alone = trim(voice, RATE)
    assert np.array_equal(trim(np.r_[np.zeros(1600), alone, np.zeros(3200)], RATE), alone)


def test_words_are_joined_as_they_are_in_a_faint_noise(voice):
    word = voice[:RATE]
    joined = join([word, 0.01 * word], RATE, rng(0))
    assert len(joined) == 2 * len(word) + 2400
    rest = joined[:RATE] - word
    below = active_level(joined, RATE) - 10 * np.log10((rest[200:-200] ** 2).mean())
    assert 40 <= below <= 55.5
    assert (np.diff(joined[RATE : RATE + 2400]) != 0).all()


def test_pauses_do_not_count_for_the_level(voice):
    level = active_level(voice, RATE)
    assert active_level(np.r_[voice, np.zeros(RATE)], RATE) == pytest.approx(level, abs=0.3)
    assert active_level(voice / 2, RATE) == pytest.approx(level - 6.02, abs=0.01)
