import numpy as np
import pytest
import tensorflow as tf

from audio import dsp
from gan import transforms


@pytest.fixture(scope="module")
def audio():
    return np.random.default_rng(0).normal(size=(2, 4096)).astype("float32")


def framed(audio, size, hop):
    edge = (size - hop) // 2
    padded = np.pad(audio, [(0, 0), (edge, edge)])
    starts = range(0, padded.shape[1] - size + 1, hop)
    return np.stack([padded[:, s : s + size] for s in starts], 1)


@pytest.mark.parametrize("size, hop", [(1024, 256), (512, 128), (16, 4)])
def test_the_transform_is_that_of_frames_around_the_middle_of_each_hop(audio, size, hop):
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    expected = np.fft.rfft(framed(audio, size, hop) * window)
    assert expected.shape[1] == 4096 // hop
    np.testing.assert_allclose(transforms.stft(audio, size, hop), expected, atol=1e-3)


@pytest.mark.parametrize("size, hop", [(1024, 256), (16, 4)])
def test_the_inverse_returns_audio_of_the_same_length_and_place(audio, size, hop):
    spectra = transforms.stft(audio, size, hop).numpy()
    back = transforms.istft(spectra.real, spectra.imag, size, hop)
    np.testing.assert_allclose(back, audio, atol=1e-5)


def test_the_mel_spectrogram_is_a_product_of_magnitudes_and_filters(audio):
    bank = dsp.slaney_bank(16000, 1024, 80, 0, 8000)
    magnitude = np.abs(np.fft.rfft(framed(audio, 1024, 256) * dsp.hann(1024)))
    expected = np.log(np.maximum(magnitude @ bank, 1e-5))
    np.testing.assert_allclose(transforms.log_mel(audio, 16000, 1024, 256, 80), expected, atol=1e-3)


def test_gradients_are_finite_at_silence():
    silence = tf.zeros([1, 2048])
    with tf.GradientTape() as tape:
        tape.watch(silence)
        mel = transforms.log_mel(silence, 16000, 1024, 256, 80)
    assert np.isfinite(tape.gradient(mel, silence)).all()
    np.testing.assert_allclose(mel, np.log(1e-5), rtol=1e-6)
