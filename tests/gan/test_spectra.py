import numpy as np
import pytest

from audio.clip import fit
from gan import spectra
from gan.config import GanConfig
from gan.specgan import build


@pytest.fixture(scope="module")
def audio(speech):
    return np.stack([fit(clip.samples, 16384, "pad") for clip in speech])


@pytest.mark.parametrize("size", [256, 512])
def test_true_phases_give_the_audio_back(audio, size):
    spectrum = spectra.stft(audio, size)
    assert spectrum.shape == (len(audio), 32768 // size, size // 2 + 1)
    error = spectra.istft(spectrum, size) - audio
    assert 10 * np.log10((audio**2).sum() / (error**2).sum()) > 100


def test_sixteen_iterations_invert_real_speech(audio):
    magnitude = np.abs(spectra.stft(audio, 256))
    found = spectra.convergence(spectra.griffin_lim(magnitude, 256), magnitude, 256)
    assert found < 0.05


def test_a_good_first_guess_beats_no_guess(audio):
    magnitude = np.abs(spectra.stft(audio, 256))
    guess = spectra.convergence(spectra.griffin_lim(magnitude, 256, 0), magnitude, 256)
    zero = spectra.convergence(spectra.istft(magnitude, 256), magnitude, 256)
    assert guess < 0.5 * zero


def test_the_guess_follows_a_steady_tone():
    """A tone between two bins turns by its own frequency from frame to frame."""
    frequency, size = 20.3, 256
    tone = np.cos(2 * np.pi * frequency * np.arange(16384) / size).astype("float32")
    phases = spectra.phases(np.abs(spectra.stft(tone, size)))
    turn = np.diff(phases[10:100, 20]) % (2 * np.pi)
    np.testing.assert_allclose(turn, np.pi * frequency % (2 * np.pi), atol=0.1)


def test_silence_stays_silent():
    magnitude = np.zeros((1, 128, 129), "float32")
    assert np.abs(spectra.griffin_lim(magnitude, 256)).max() < 1e-6


@pytest.mark.parametrize("samples", [16384, 65536])
def test_images_of_speech_are_standardised_and_audible_again(speech, samples):
    codec = build(GanConfig(model="specgan", dim=1, samples=samples)).codec
    audio = np.stack([fit(clip.samples, samples)[:, None] for clip in speech[:8]])
    codec = codec.fit(audio)
    image = codec.encode(audio)
    assert np.abs(image).max() <= 1
    np.testing.assert_allclose(image.mean((0, 1, 3)), 0, atol=0.05)
    back = codec.decode(image)
    again = codec.encode(back)
    assert np.sqrt(np.mean((again - image) ** 2)) < 0.1


def test_a_restored_codec_is_the_same(audio):
    config = GanConfig(model="specgan", dim=1)
    codec = build(config).codec.fit(audio[..., None])
    assert build(config, codec=codec.to_dict()).codec == codec
