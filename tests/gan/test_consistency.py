import numpy as np
import pytest
import tensorflow as tf

from gan import transforms
from gan.config import GanConfig
from gan.consistency import correct, share


@pytest.fixture(scope="module")
def config():
    return GanConfig(model="vocos")


@pytest.fixture(scope="module")
def pair(speech):
    """Speech, and the same through a filter and at another level."""
    longest = max(speech, key=lambda clip: len(clip.samples)).samples[None, :16384]
    muffled = 0.3 * longest + 0.3 * np.roll(longest, 3, axis=1)
    return tf.constant(longest), tf.constant(muffled.astype("float32"))


def mel(audio, config):
    return transforms.log_mel(audio, config.rate, config.fft, config.hop, config.mels)


def test_every_turn_comes_nearer_to_the_mel_spectrogram(config, pair):
    wanted = mel(pair[0], config)
    errors = [
        float(tf.reduce_mean(tf.abs(mel(correct(pair[1], wanted, config, n), config) - wanted)))
        for n in (0, 1, 5)
    ]
    assert errors[2] < errors[1] / 2 < errors[0] / 4


def test_audio_that_fits_already_stays(config, pair):
    again = correct(pair[0], mel(pair[0], config), config, 2)
    np.testing.assert_allclose(again, pair[0], atol=1e-4)


def test_every_bin_within_the_bands_hears_them_in_full(config):
    total = share(config.rate, config.fft, config.mels).sum(0)
    assert total.shape == (513,)
    np.testing.assert_allclose(total[2:-1], 1, rtol=1e-4)
