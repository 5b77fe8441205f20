import numpy as np
import pytest

from audio.dsp import rms
from audio.segments import parse
from audio.splice import pauses, splice
from experiment.errors import DataError
from experiment.seeds import rng


@pytest.fixture(scope="module")
def pair(speech):
    clip = max(speech, key=lambda clip: len(clip.samples))
    original = np.tile(clip.samples, 2)
    return original, (-0.5 * original).astype(np.float32), clip.rate


def test_what_is_called_spoof_is_the_copy_and_nothing_else(pair):
    original, copy, rate = pair
    found = splice(original, copy, rate, rng(0), 2)
    edges, spoof = parse(found.segments)
    assert edges[0] == 0 and edges[-1] == pytest.approx(len(original) / rate, rel=1e-3)
    assert 1 <= spoof.sum() <= 2
    for start, end, flag in zip(edges[:-1], edges[1:], spoof, strict=True):
        inside = slice(round((start + 0.02) * rate), round((end - 0.02) * rate))
        expected = -original if flag else original
        np.testing.assert_allclose(found.samples[inside], expected[inside], atol=1e-6)


def test_a_stretch_has_the_level_of_what_it_replaces(pair):
    original, copy, rate = pair
    found = splice(original, copy, rate, rng(1))
    assert rms(found.samples) == pytest.approx(rms(original), rel=0.02)


def test_the_same_draw_gives_the_same_fake(pair):
    original, copy, rate = pair
    first, again = (splice(original, copy, rate, rng(3)) for _ in range(2))
    other = splice(original, copy, rate, rng(4))
    assert first.segments == again.segments != other.segments
    np.testing.assert_array_equal(first.samples, again.samples)


def test_cuts_are_quiet(pair):
    original, _, rate = pair
    level = [rms(original[k - 160 : k + 160]) for k in pauses(original, rate)]
    assert np.median(level) < 0.5 * rms(original)


def test_what_does_not_fit_is_refused(pair):
    original, copy, rate = pair
    with pytest.raises(DataError, match="as long"):
        splice(original, copy[:-1], rate, rng(0))
    with pytest.raises(DataError, match="too short"):
        splice(original[:4000], copy[:4000], rate, rng(0))
