"""The channel is the same for every clip, and leaves no trace of where a clip comes from."""

import numpy as np
import pytest

from audio.datasets.starter.channel import (
    EDGES,
    average_spectrum,
    cut,
    equaliser,
    finish,
    join,
    level_track,
    trim,
)
from audio.datasets.starter.codec import CODECS, recode
from experiment.seeds import rng

RATE = 16000


@pytest.fixture(scope="module")
def voice(speech):
    return max(speech, key=lambda clip: clip.seconds).samples.astype(float)


def finished(samples, name="clip", filter=None):
    return finish(samples, rng(0, name), filter) / 32768


def active_level(samples):
    levels = level_track(samples)
    return 10 * np.log10((10 ** (levels[levels > np.percentile(levels, 95) - 25] / 10)).mean())


@pytest.mark.parametrize("gain", [0.02, 3])
def test_the_level_of_the_source_leaves_no_trace(voice, gain):
    assert np.abs(finished(gain * voice) - finished(voice)).max() <= 2 / 32768


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_level_peak_and_offset_are_bounded(voice, name):
    y = finished(voice, name)
    assert -30 < active_level(y) < -22
    assert np.abs(y).max() <= 0.99
    assert abs(y.mean()) < 1e-4


def test_nothing_but_the_bed_is_left_outside_the_band(voice):
    power = np.abs(np.fft.rfft(finished(voice))) ** 2
    hertz = np.fft.rfftfreq(len(finished(voice)), 1 / RATE)
    above, below = power[hertz > 6800].mean(), power[hertz < 50].mean()
    assert 0.5 < above / below < 2


def test_room_at_the_ends_is_drawn(voice):
    added = [len(finished(voice, name)) - len(voice) for name in "abcdef"]
    assert len(set(added)) > 1
    assert all(0.08 * RATE - 2 <= n <= 0.28 * RATE for n in added)


def test_the_same_clip_comes_out_the_same(voice):
    assert np.array_equal(finished(voice), finished(voice))


def test_clips_are_whole_trimmed_and_within_bounds(voice):
    long = np.concatenate([np.zeros(9000), *[np.r_[voice, np.zeros(4000)]] * 5])
    clips = cut(long)
    assert len(clips) > 1
    assert all(1.0 * RATE <= len(clip) <= 3.7 * RATE for clip in clips)
    assert all(np.abs(clip[:160]).max() > 0 for clip in clips)
    assert cut(voice[: RATE // 2]) == []


def test_trimming_takes_silence_only(voice):
    assert np.array_equal(trim(np.r_[np.zeros(1600), trim(voice), np.zeros(3200)]), trim(voice))


def test_words_are_joined_at_one_level(voice):
    word = voice[:RATE]
    joined = join([word, 0.01 * word])
    assert len(joined) == 2 * len(word) + 2400
    assert np.allclose(joined[: len(word)], joined[-len(word) :], atol=1e-6)


def test_the_equaliser_moves_one_spectrum_to_an_other(speech):
    first, second = speech[0].samples.astype(float), speech[1].samples.astype(float)
    wanted = average_spectrum(second)
    moved = np.convolve(first, equaliser(wanted - average_spectrum(first)), "same")
    before = np.abs(average_spectrum(first) - wanted).mean()
    assert np.abs(average_spectrum(moved) - wanted).mean() < 0.5 * before
    assert len(wanted) == len(EDGES) - 1


@pytest.mark.parametrize("name", CODECS)
def test_codecs_keep_length_and_sound(voice, name):
    decoded = recode(voice, name)
    assert len(voice) - 400 <= len(decoded) <= len(voice)
    spectra = average_spectrum(decoded), average_spectrum(voice)
    assert np.abs(spectra[0] - spectra[1])[:16].max() < 3
    assert np.abs(recode(100 * voice, name)).max() < 0.9
