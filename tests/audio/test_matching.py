"""A matched copy has the channel of its original, and the timing."""

import numpy as np
import pytest

from audio.matching import dithered, limited, match

RATE = 16000


def shifted_by(copy, original):
    """Lag in samples of the highest cross-correlation."""
    length = 2 * len(original)
    product = np.fft.rfft(copy, length) * np.conj(np.fft.rfft(original, length))
    lag = int(np.argmax(np.fft.irfft(product)))
    return lag - length if lag > len(original) else lag


def changed(samples, seed=0):
    """Return sound with a tilt, an offset, another level and a noise of its own."""
    noise = np.random.default_rng(seed).standard_normal(len(samples))
    tilted = np.convolve(samples, [-0.45, 1.0, -0.45], mode="same")
    return 0.2 * tilted + 0.05 + 0.001 * noise


@pytest.fixture
def clip(speech):
    return speech[3].samples.astype(float)


def test_level_offset_and_timing_are_those_of_the_original(clip):
    offset = clip + 0.03
    matched = match(changed(offset), offset, RATE)
    assert len(matched) == len(clip) and matched.dtype == np.float32
    assert np.isclose(matched.mean(), offset.mean(), atol=1e-3)
    assert np.isclose(matched.std(), offset.std(), rtol=0.02)
    assert abs(shifted_by(matched, offset)) <= 1


def test_the_mean_spectrum_is_that_of_the_original(clip):
    from scipy.signal import welch

    def decibels(samples):
        return 10 * np.log10(welch(samples, RATE, nperseg=512)[1][4:250] + 1e-12)

    before = np.abs(decibels(changed(clip)) - decibels(clip)).mean()
    after = np.abs(decibels(match(changed(clip), clip, RATE)) - decibels(clip)).mean()
    assert after < before / 4


def test_digital_silence_stays_silent(clip):
    clip[4000:9000] = 0
    matched = match(changed(clip), clip, RATE)
    assert np.abs(matched[5200:7800]).max() < 2**-15


def test_a_copy_with_sharper_peaks_is_dispersed(clip):
    pulses = np.zeros(len(clip))
    pulses[:: RATE // 100] = 1.0
    steady = np.random.default_rng(1).standard_normal(len(clip)) * 0.1
    matched = match(pulses, steady, RATE)
    assert np.abs(matched).max() / matched.std() < 0.6 * np.abs(pulses).max() / pulses.std()


@pytest.mark.parametrize("change", [lambda x: x[:-100], lambda x: np.pad(x, (0, 100))])
def test_the_length_is_that_of_the_original(clip, change):
    assert len(match(change(clip), clip, RATE)) == len(clip)


def test_what_is_above_the_band_is_gone_and_what_is_below_stays():
    time = np.arange(48000) / 48000
    low, high = np.sin(2 * np.pi * 1000 * time), np.sin(2 * np.pi * 12000 * time)
    left = limited(low + high, 48000, 16000)
    assert np.abs(left - low)[2000:-2000].max() < 1e-3
    assert limited(low, 48000, 48000) is low


def test_peaks_stay_below_those_of_the_original(clip):
    original = np.clip(clip, -np.abs(clip).max() / 3, np.abs(clip).max() / 3)
    matched = match(clip, original, RATE)
    assert np.abs(matched).max() < 1.25 * np.abs(original).max()
    assert np.isclose(matched.std(), original.std(), rtol=0.1)


def test_dither_is_the_same_for_a_pair_and_hides_the_lowest_bit():
    even = 2 * np.random.default_rng(0).integers(-500, 500, RATE) / 32768
    even[:4000] = 0
    pair = dithered(np.stack([even, even / 2]), RATE, np.random.default_rng(1))
    noise = (pair - [even, even / 2]) * 32768
    np.testing.assert_allclose(*noise, atol=1e-2)
    assert np.abs(noise).max() < 1.01 and (pair[:, :3000] == 0).all()
    odd = (np.rint(pair[0, 5000:] * 32768).astype(int) & 1).mean()
    assert 0.2 < odd < 0.3  # one step of triangular noise, rounded, leaves a quarter


def test_low_ends_meet_without_a_dip():
    from scipy.signal import welch

    generator = np.random.default_rng(0)
    copy, original = generator.standard_normal((2, 20 * RATE))
    hertz, power = welch(match(copy, original, RATE), RATE, nperseg=8192)
    near = power[(hertz > 50) & (hertz < 100)].mean()
    assert near == pytest.approx(power[(hertz > 200) & (hertz < 400)].mean(), rel=0.25)
