import numpy as np
import pytest

from encoders import open_encoder
from encoders.whisper import log_mel
from experiment.errors import UsageError


def test_log_mel_is_that_of_the_paper(noise):
    import librosa

    clip = noise[0]
    bank = librosa.filters.mel(sr=16000, n_fft=400, n_mels=80)
    power = np.abs(librosa.stft(clip, n_fft=400, hop_length=160, pad_mode="reflect")) ** 2
    level = np.log10(np.maximum(bank @ power[:, :-1], 1e-10))
    expected = (np.maximum(level, level.max() - 8) + 4) / 4
    np.testing.assert_allclose(log_mel(clip), expected.T, atol=1e-5)


def test_a_block_is_the_full_networks_hidden_state(small_whisper, noise):
    every = small_whisper.states(noise, every=True)
    assert every.shape == (3, 3, 50, 64)
    for block in (0, 1, 2, None):
        alone = small_whisper.states(noise, block)
        np.testing.assert_allclose(alone, every[:, -1 if block is None else block], atol=1e-5)


def test_blocks_go_on_from_any_hidden_state(small_whisper, noise):
    every = small_whisper.states(noise, every=True)
    rest = small_whisper.network(noise.shape[1], first=1)(every[:, 1])
    np.testing.assert_allclose(rest, every[:, 2], atol=1e-5)


def test_a_clip_does_not_hear_its_neighbours(small_whisper, noise):
    together = small_whisper.states(noise)
    np.testing.assert_allclose(small_whisper.states(noise[1:2])[0], together[1], atol=1e-5)


def test_what_whisper_cannot_hear_is_refused(small_whisper):
    with pytest.raises(UsageError, match="30 s"):
        small_whisper.frames(16000 * 31)
    with pytest.raises(UsageError, match="blocks 0 to 2. Received: 3"):
        small_whisper.require_block(3)
    with pytest.raises(UsageError, match="comes with its weights"):
        open_encoder("whisper_tiny", "elsewhere")
    with pytest.raises(UsageError, match="whisper_tiny"):
        open_encoder("whisper_huge")
