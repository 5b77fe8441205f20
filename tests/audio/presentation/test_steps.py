import numpy as np
import pytest
from scipy.signal import correlate

from audio.presentation import STEPS, Scene, parse
from audio.presentation.codecs import FORMATS, Codec
from audio.presentation.devices import DEVICES, Band, Loudspeaker, Microphone
from audio.presentation.dynamics import AutomaticGain, Clipping, Level
from audio.presentation.noise import COLOURS, Noise, babble, noise
from audio.presentation.rawboost import PARTS, RawBoost, impulsive
from audio.presentation.rooms import Room, response
from audio.presentation.timing import Ends, Loss, Resample, Trim
from experiment.errors import UsageError
from experiment.seeds import rng

RATE = 16000
SLOPES = {"white": 0, "pink": -3, "brown": -6, "blue": 3, "violet": 6}


@pytest.fixture(scope="module")
def samples(speech):
    return max(speech, key=lambda clip: len(clip.samples)).samples.astype(float)


def through(step, samples, rate=RATE, seed=0, **scene):
    return step.apply(samples, rate, rng(seed), Scene(**scene))


def power(x):
    return np.mean(np.square(x, dtype=float))


def decibels(ratio):
    return 10 * np.log10(ratio)


def lag(found, samples):
    return correlate(found, samples, "full", "fft").argmax() - (len(samples) - 1)


def band(x, low, high, rate=RATE):
    spectrum = np.abs(np.fft.rfft(x)) ** 2
    hertz = np.fft.rfftfreq(len(x), 1 / rate)
    return spectrum[(hertz >= low) & (hertz < high)].sum()


@pytest.mark.parametrize("word", STEPS)
def test_every_step_is_finite_repeats_itself_and_leaves_its_input(word, samples):
    step = Codec(word) if word in FORMATS else STEPS[word]()
    for sound in (samples, samples[:800], np.zeros(3200)):
        before = sound.copy()
        found = through(step, sound)
        assert np.isfinite(found).all() and len(found)
        assert np.array_equal(found, through(step, sound))
        assert np.array_equal(sound, before)
        if word not in ("ends", "trim"):
            assert len(found) == len(sound)
    assert str(parse(str(step))) == str(step)


@pytest.mark.parametrize("colour", SLOPES)
def test_a_colour_has_its_slope(colour):
    found = noise(1 << 17, RATE, colour, rng(0))
    levels = [decibels(band(found, low, 2 * low) / low) for low in (250, 500, 1000, 2000)]
    assert np.polyfit(range(4), levels, 1)[0] == pytest.approx(SLOPES[colour], abs=0.4)


@pytest.mark.parametrize("colour", COLOURS)
def test_noise_has_power_one_and_a_longer_one_begins_alike(colour):
    short, long = noise(8000, RATE, colour, rng(1)), noise(8100, RATE, colour, rng(1))
    assert power(short) == pytest.approx(1)
    assert np.corrcoef(short, long[:8000])[0, 1] > 0.9999


@pytest.mark.parametrize("colour", [*COLOURS, "babble"])
def test_the_signal_to_noise_ratio_is_exact(colour, samples, speech):
    voices = tuple(clip.samples for clip in speech[:5])
    found = through(Noise(colour, 7), samples, voices=voices)
    assert decibels(power(samples) / power(found - samples)) == pytest.approx(7, abs=1e-6)


def test_babble_is_made_of_the_voices_given(speech):
    found = babble(16000, [clip.samples for clip in speech[:3]], rng(0))
    assert power(found) == pytest.approx(1)
    with pytest.raises(UsageError, match="give some clips as voices"):
        babble(16000, (), rng(0))


@pytest.mark.parametrize(("size", "time"), [("small", 0.3), ("small", 0.6), ("large", 1.2)])
def test_a_room_has_its_time_and_its_direct_sound(size, time):
    found = response(RATE, time, 3.0, size, rng(0))
    assert found[0] == 1
    assert decibels(1 / (found[1:] ** 2).sum()) == pytest.approx(3, abs=1e-6)
    middle = Band(1000, 3000).apply(found, RATE, None, None)
    energy = np.cumsum(middle[::-1] ** 2)[::-1]
    level = decibels(energy / energy[0])
    first, last = (np.flatnonzero(level < edge)[0] / RATE for edge in (-10, -30))
    assert 3 * (last - first) == pytest.approx(time, rel=0.1)


def test_a_larger_room_answers_later():
    def middle(size):
        found = [response(RATE, 0.5, 0, size, rng(seed))[1:400] ** 2 for seed in range(20)]
        return np.mean([(part * np.arange(399)).sum() / part.sum() for part in found])

    assert middle("large") > middle("small")


@pytest.mark.parametrize("step", [Room(), Microphone(), Loudspeaker(), Loudspeaker(0)], ids=str)
def test_rooms_and_devices_keep_the_power(step, samples):
    assert power(through(step, samples)) == pytest.approx(power(samples))


@pytest.mark.parametrize("step", [Room("small", 0.2, 9), *map(Microphone, DEVICES), Band(), Noise(),
                                  AutomaticGain(), Clipping(), Resample(), Loss(), RawBoost()],
                         ids=str)  # fmt: skip
def test_no_step_delays(step, samples):
    assert lag(through(step, samples), samples) == 0


def test_a_band_passes_itself_only():
    found = through(Band(300, 3400), rng(0).normal(0, 0.1, 32000))
    assert band(found, 300, 3400) > 0.97 * band(found, 0, 8000)


def test_a_loudspeaker_that_is_driven_hard_adds_harmonics():
    tone = np.sin(2 * np.pi * 500 * np.arange(16000) / RATE)
    soft, hard = (through(Loudspeaker(drive), tone) for drive in (20, 0))
    assert band(hard, 1400, 1600) > 30 * band(soft, 1400, 1600)


def test_level_clipping_and_resampling_do_what_they_say(samples):
    assert np.allclose(through(Level(-6), samples), samples * 10 ** (-6 / 20))
    cut = through(Clipping(1), samples)
    assert np.mean(cut != samples) == pytest.approx(0.01, abs=2e-3)
    assert np.array_equal(cut, np.clip(samples, cut.min(), cut.max()))
    wide = rng(0).normal(0, 0.1, 32000)
    assert band(through(Resample(8), wide), 4100, 8000) < 1e-3 * band(wide, 4100, 8000)
    assert np.array_equal(through(Resample(16), wide), wide)


def test_automatic_gain_evens_the_level(samples):
    steps = np.concatenate([samples[:16000] * 0.05, samples[:16000]])
    even = through(AutomaticGain(0.9, 0.1), steps)

    def difference(x):
        return decibels(power(x[16000:]) / power(x[:16000]))

    assert difference(even) < difference(steps) - 10


def test_ends_are_cut_and_added_to_the_sample(samples):
    found = through(Ends(0.1, -0.2), samples)
    assert len(found) == len(samples) + 1600 - 3200
    assert not found[:1600].any()
    assert np.array_equal(found[1600:], samples[:-3200])
    assert len(through(Ends(-9, -9), samples)) == 1600


def test_silence_is_cut_where_the_original_is_silent(samples):
    inner = through(Trim(), samples)
    padded = np.concatenate([np.zeros(4800), inner, np.zeros(1600)])
    copy = padded + rng(0).normal(0, 0.05, len(padded))
    assert np.array_equal(through(Trim(), padded), inner)
    assert np.array_equal(through(Trim(), copy, original=padded), copy[4800:-1600])


def test_lost_packets_come_as_often_as_they_should():
    wide = rng(0).normal(0, 0.1, 60 * RATE)
    found = through(Loss(10, 2), wide).reshape(-1, 320)
    lost = (found != wide.reshape(-1, 320)).any(axis=1)
    assert lost.mean() == pytest.approx(0.1, rel=0.3)
    assert (lost[1:] & lost[:-1]).sum() / lost.sum() == pytest.approx(0.5, abs=0.15)
    assert power(found) < power(wide)


CODECS = [(name, kilobits) for name in FORMATS for kilobits in FORMATS[name].kilobits]
WAVEFORM = {"mp3", "vorbis", "aac", "alaw", "mulaw", "g722"}


@pytest.mark.parametrize(("name", "kilobits"), CODECS)
def test_a_codec_changes_the_sound_and_keeps_its_time(name, kilobits, samples):
    found = through(Codec(name, kilobits), samples)
    assert len(found) == len(samples)
    error = power(found - samples) / power(samples)
    assert 1e-7 < error < 1.0
    assert abs(lag(found, samples)) <= (0 if name in WAVEFORM else 4)


@pytest.mark.parametrize("name", FORMATS)
def test_more_bits_are_nearer_and_the_rate_is_kept(name, samples):
    few, many = FORMATS[name].kilobits[0], FORMATS[name].kilobits[-1]
    errors = [power(through(Codec(name, rate), samples) - samples) for rate in (few, many)]
    assert errors[1] <= errors[0]
    wide = np.repeat(samples, 2)[: len(samples)]
    assert len(through(Codec(name), wide, rate=24000)) == len(wide)


def test_a_loud_clip_is_not_clipped_by_a_codec(samples):
    loud = samples / np.abs(samples).max() * 1.5
    assert np.abs(through(Codec("alaw"), loud)).max() > 1.2


def test_the_band_of_a_telephone_codec_ends_at_4_khz():
    found = through(Codec("amrnb"), rng(0).normal(0, 0.1, 32000))
    assert band(found, 4200, 8000) < 1e-3 * band(found, 0, 4000)


@pytest.mark.parametrize("parts", PARTS)
def test_rawboost_keeps_the_peak_and_changes_the_sound(parts, samples):
    found = through(RawBoost(parts, 5, 15), samples)
    assert np.abs(found).max() == pytest.approx(np.abs(samples).max())
    assert power(found - samples) > 1e-5 * power(samples)


def test_impulses_hit_their_share_and_follow_the_signal(samples):
    found = impulsive(samples, rng(0), 0.1)
    loud = np.abs(samples) > 1e-4
    assert np.mean((found != samples)[loud]) == pytest.approx(0.1, abs=0.01)
    assert (np.abs(found) <= 3 * np.abs(samples) + 1e-12).all()


def test_the_coloured_noise_of_rawboost_has_its_ratio(samples):
    def distance(ratio):
        found = through(RawBoost("stationary", 0, ratio), samples)
        scale = (found @ samples) / (samples @ samples)
        return decibels(power(scale * samples) / power(found - scale * samples))

    assert distance(10) == pytest.approx(10, abs=0.5)
    assert distance(30) == pytest.approx(30, abs=0.5)


def test_rawboost_adds_harmonics_by_its_orders():
    tone = np.sin(2 * np.pi * 500 * np.arange(16000) / RATE)
    one, five = (through(RawBoost("linear", orders=n), tone) for n in (1, 5))
    assert band(five, 1400, 1600) > 1e3 * band(one, 1400, 1600)
