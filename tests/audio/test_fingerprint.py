import numpy as np
import pytest

from audio import fingerprint as prints
from audio.leaks import matches
from audio.presentation import parse
from experiment.seeds import rng

RATE = 16000
CHANGES = {
    "as it is": "none",
    "mp3": "mp3:32k",
    "mp3 twice": "mp3:48k|mp3:32k",
    "resampled": "resample:8kHz",
    "soft": "level:-30dB",
    "loud": "level:12dB",
    "all": "level:-9dB|resample:11.025kHz|mp3:32k",
}


@pytest.fixture(scope="module")
def sounds(speech):
    """Clips of two seconds with peaks enough to know them by: not a few letters with pauses."""
    clips = [clip.samples for clip in speech if clip.seconds >= 2]
    return [sound for sound in clips if len(prints.peaks(sound, RATE)) >= 80]


@pytest.fixture(scope="module")
def known(sounds):
    return [prints.peaks(sound, RATE) for sound in sounds]


def found(known, sounds):
    return list(matches(known, [prints.fingerprint(sound, RATE) for sound in sounds]))


@pytest.mark.parametrize("change", CHANGES)
def test_every_changed_and_cut_recording_is_found_and_no_other(change, sounds, known):
    chain, cuts, starts = parse(CHANGES[change]), [], []
    for number, sound in enumerate(sounds):
        length = max(round(0.7 * len(sound)), round(1.5 * RATE))
        starts.append(int(rng(number).integers(len(sound) - length)))
        cuts.append(chain.apply(sound[starts[-1] :][:length], RATE))
    pairs = found(known, cuts)
    assert [(one, other) for one, other, _, _ in pairs] == [(i, i) for i in range(len(sounds))]
    for _, other, offset, share in pairs:
        seconds = offset * prints.HOP / prints.RATE
        assert seconds == pytest.approx(starts[other] / RATE, abs=0.04)
        assert 0.5 <= share <= 1


def test_another_rate_is_no_other_recording(sounds, known):
    from audio.clip import resample

    asked = [prints.fingerprint(resample(sound, RATE, 44100), 44100) for sound in sounds]
    assert len(list(matches(known, asked))) == len(sounds)


def test_other_recordings_are_not_taken_for_the_same(sounds):
    half = len(sounds) // 2
    known = [prints.peaks(sound, RATE) for sound in sounds[:half]]
    assert not found(known, sounds[half:])
    noises = [rng(i).standard_normal(4 * RATE) for i in range(20)]
    assert not found([prints.peaks(noise, RATE) for noise in noises[:10]], noises[10:])


def test_blocks_and_chunks_do_not_change_what_is_found(sounds, known, monkeypatch):
    whole = found(known, sounds)
    monkeypatch.setattr("audio.leaks.BLOCK", 3)
    monkeypatch.setattr("audio.leaks.CHUNK", 2)
    assert sorted(found(known, sounds)) == sorted(whole)


def test_level_does_not_move_a_peak(sounds):
    assert np.array_equal(prints.peaks(sounds[0], RATE), prints.peaks(sounds[0] / 8, RATE))


@pytest.mark.parametrize("sound", [np.zeros(16000), np.zeros(100)])
def test_what_has_no_peaks_matches_nothing(sound):
    both = prints.fingerprint(sound, RATE)
    assert len(both[0]) < prints.HITS
    assert not list(matches([both[0]], [both]))


def test_overlap_counts_peaks_within_a_frame_and_a_bin():
    first = np.array([256 * 10 + 50, 256 * 20 + 60, 256 * 30 + 70], np.int32)
    moved = np.array([256 * 6 + 51, 256 * 14 + 60, 256 * 25 + 90], np.int32)
    assert prints.overlap(first, moved, 5) == (2, 3)
    assert prints.overlap(first, moved, 500) == (0, 0)
    assert prints.overlap(first, moved[:0], 0) == (0, 0)
