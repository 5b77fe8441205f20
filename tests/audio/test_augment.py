import dataclasses

import numpy as np
import pytest
from scipy.signal import correlate

from audio.augment import (
    AUGMENTATIONS,
    CODECS,
    Codec,
    Crop,
    Cut,
    Level,
    Noise,
    Pitch,
    Resample,
    Room,
    Stretch,
    Telephone,
    Trim,
    augmentation,
    augmented,
    mask,
)
from audio.clip import Clip
from experiment.errors import DataError, UsageError
from experiment.seeds import rng

SAME_LENGTH = set(AUGMENTATIONS) - {"stretch", "cut", "crop", "trim", "presentation"}


@pytest.fixture(scope="module")
def samples(speech):
    return speech[0].samples


def power(x):
    return np.mean(np.square(x, dtype=float))


def band(x, low, high):
    spectrum = np.abs(np.fft.rfft(x)) ** 2
    hertz = np.fft.rfftfreq(len(x), 1 / 16000)
    return spectrum[(hertz >= low) & (hertz < high)].sum() / spectrum.sum()


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_the_same_generator_gives_the_same_clip(name, samples):
    change = augmentation(name)
    before = samples.copy()
    first, again, other = (change(samples, rng(seed)) for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert name in ("telephone", "trim", "presentation") or not np.array_equal(first, other)
    assert np.array_equal(samples, before)
    assert np.isfinite(first).all() and len(first) > 1000
    if name in SAME_LENGTH:
        assert len(first) == len(samples)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_silence_and_short_clips_pass(name):
    for x in (np.zeros(16000, np.float32), rng(0).normal(0, 0.1, 1600).astype(np.float32)):
        assert np.isfinite(augmentation(name)(x, rng(0))).all()


@pytest.mark.parametrize("pink", [True, False])
def test_the_signal_to_noise_ratio_is_exact(pink, samples):
    noisy = Noise(7, 7, pink)(samples, rng(0))
    assert 10 * np.log10(power(samples) / power(noisy - samples)) == pytest.approx(7, abs=1e-6)


def test_pink_noise_falls_with_frequency(samples):
    pink, white = (Noise(0, 0, kind)(samples, rng(0)) - samples for kind in (True, False))
    assert band(pink, 0, 500) > 5 * band(white, 0, 500)


def test_the_duration_after_stretching_is_exact(samples):
    assert len(Stretch(1.25, 1.25)(samples, rng(0))) == round(len(samples) / 1.25)


def test_pitch_moves_a_tone_by_semitones():
    tone = np.sin(2 * np.pi * 440 * np.arange(32000) / 16000).astype(np.float32)
    found = Pitch(12, 12)(tone, rng(0))
    peak = np.abs(np.fft.rfft(found[8000:24000])).argmax()
    assert peak == pytest.approx(880, abs=3)


def test_a_room_keeps_the_power(samples):
    found = Room(0.5, 0.5)(samples, rng(0))
    assert power(found) == pytest.approx(power(samples))
    assert not np.allclose(found, samples, atol=1e-3)


@pytest.mark.parametrize("name", CODECS)
def test_a_codec_keeps_time_and_level(name, samples):
    found = Codec((name,), 0.5, 0.5)(samples, rng(0))
    lag = correlate(found, samples, "full", "fft").argmax() - (len(samples) - 1)
    assert lag == 0
    assert np.corrcoef(found, samples)[0, 1] > 0.9
    assert not np.allclose(found, samples, atol=1e-4)
    loud = samples / np.abs(samples).max() * 1.5
    assert np.abs(Codec((name,))(loud, rng(0))).max() > 1.2


def test_a_telephone_passes_its_band_only(samples):
    noise = rng(0).normal(0, 0.1, 32000)
    found = Telephone()(noise, rng(0))
    assert band(found, 300, 3400) > 0.97


def test_resampling_takes_what_lies_above(samples):
    assert band(Resample((8000,))(rng(0).normal(0, 0.1, 32000), rng(0)), 4100, 8000) < 1e-3


def test_level_cut_and_crop_are_exact(samples):
    assert np.allclose(Level(-6, -6)(samples, rng(0)), samples * 10 ** (-6 / 20))
    assert np.array_equal(Cut(0.25, 0.25)(samples, rng(0)), samples[4000:])
    assert len(Cut(60, 60)(samples, rng(0))) == 1600
    found = Crop(0.5)(samples, rng(0))
    assert len(found) == 8000
    assert found.tobytes() in samples.tobytes()


def test_silence_at_the_ends_is_trimmed(samples):
    inner = Trim()(samples, rng(0))
    padded = np.concatenate([np.zeros(4800), inner, np.zeros(1600)])
    assert np.array_equal(Trim()(padded, rng(0)), inner)


def test_masks_cover_no_more_than_they_may():
    features = np.ones((100, 50, 1), np.float32)
    found = mask(features, rng(0), time=0.2, frequency=0.1, count=1)
    frames, bands = (found == 0).all(axis=(1, 2)), (found == 0).all(axis=(0, 2))
    assert frames.sum() <= 20 and bands.sum() <= 5
    assert (found == 0).sum() == 50 * frames.sum() + bands.sum() * (100 - frames.sum())
    assert features.all()


def test_a_copy_is_drawn_by_clip_and_number(speech):
    choices = {"noise": {"low": 10}, "level": {}}
    first = augmented(speech[0], choices, seed=0, copy=1)
    assert first.dtype == np.float32
    assert np.array_equal(first, augmented(speech[0], choices, seed=0, copy=1))
    assert not np.array_equal(first, augmented(speech[0], choices, seed=0, copy=2))
    assert not np.array_equal(first, augmented(speech[0], choices, seed=1, copy=1))


@pytest.mark.parametrize("name", ["noise", "room", "rawboost", "presentation"])
def test_a_copy_is_changed_as_its_original(name, speech):
    clip = speech[0]
    twin = dataclasses.replace(clip, name="a copy of it")
    own = augmented(clip, {name: {}}, seed=0, copy=1)
    pair = augmented(twin, {name: {}}, seed=0, copy=1, originals={twin.name: clip.name})
    assert np.array_equal(own, pair)


def test_a_presentation_takes_choices_and_voices(samples, speech_folder):
    voices = tuple(map(str, sorted(speech_folder.glob("*.wav"))[:4]))
    assert np.array_equal(augmentation("presentation", choices=["none"])(samples, rng(0)), samples)
    spoken = augmentation("presentation", choices=["noise"], voices=voices)
    assert np.isfinite(spoken(samples, rng(0))).all()


def test_unknown_names_options_and_rates_are_refused(speech):
    with pytest.raises(UsageError, match="unknown augmentation 'echo'; choose one of: noise"):
        augmentation("echo")
    with pytest.raises(UsageError, match="augmentation noise: .*'loud'"):
        augmentation("noise", loud=1)
    with pytest.raises(DataError, match="8000 Hz"):
        augmented(Clip(speech[0].samples, 8000, "", name="x"), {"noise": {}}, 0)
