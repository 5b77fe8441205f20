import dataclasses

import numpy as np
import pytest

from audio.frontends import LFCC
from encoders import frontend
from encoders.frontend import LEVEL, Encoded, changed, from_dict, levelled, named, to_dict
from experiment.errors import DataError, UsageError


@pytest.fixture(autouse=True)
def small(monkeypatch, small_whisper):
    """Let the name whisper_tiny stand for a small encoder, which needs no download."""
    monkeypatch.setitem(frontend.ENCODERS, "whisper_tiny", lambda source: small_whisper)
    frontend._opened.cache_clear()
    yield
    frontend._opened.cache_clear()


def test_features_are_the_hidden_states_of_levelled_clips(small_whisper, noise):
    own = Encoded(seconds=1.0, block=1)
    clips = [noise[0], 7 * noise[0] + 3, noise[1][:9000]]
    found = own.batch(clips)
    assert found.shape == (3, *own.shape) == (3, 50, 64)
    np.testing.assert_allclose(found[0], found[1], atol=1e-3)
    expected = small_whisper.states(levelled(noise[0])[None], 1)[0]
    np.testing.assert_allclose(own(noise[0]), expected, atol=1e-5)
    assert own.batch([]).shape == (0, 50, 64)
    every = Encoded(seconds=1.0, block=1, every=True)
    assert every.shape == (2, 50, 64)
    np.testing.assert_allclose(every(noise[0])[1], expected, atol=1e-5)
    assert len(own.times) == 50 and own.frequencies is None


def test_clips_are_brought_to_one_level(noise):
    assert np.sqrt(np.mean(levelled(noise[0]) ** 2)) == pytest.approx(LEVEL, rel=1e-5)
    assert not levelled(np.ones(5, np.float32)).any()


def test_a_front_end_comes_back_from_plain_values():
    own = Encoded(seconds=1.0, every=True)
    assert own.block == 2
    assert from_dict(to_dict(own)) == own
    assert from_dict(to_dict(LFCC())) == LFCC()
    assert to_dict(own)["digest"] == "0123" and "source" not in to_dict(own)
    with pytest.raises(DataError, match="does not fit this version"):
        from_dict({**to_dict(own), "depth": 3})
    with pytest.raises(DataError, match="trained with 4567"):
        from_dict({**to_dict(own), "digest": "4567"})


def test_front_ends_have_names_and_settings():
    assert named("lfcc", bands=30) == LFCC(bands=30)
    assert named("whisper_tiny", block=1) == Encoded(block=1)
    assert changed(Encoded(block=1), block=2, source=None) == Encoded()
    with pytest.raises(UsageError, match="whisper_tiny"):
        named("whisper")
    with pytest.raises(UsageError, match="setting of the front end 'depth'"):
        named("lfcc", depth=3)


def test_tuned_blocks_are_left_to_the_network(small_whisper, noise):
    own = Encoded(seconds=1.0, tuned=1, every=True)
    assert own.first == 1 and own.shape == (50, 64)
    whole = dataclasses.replace(own, tuned=0)
    np.testing.assert_allclose(own(noise[0]), whole(noise[0])[1], atol=1e-5)
    for wrong in ({"tuned": 3}, {"lora": 4}, {"tuned": -1}, {"block": 5}, {"rate": 8000}):
        with pytest.raises(UsageError, match="Received"):
            Encoded(**wrong)
