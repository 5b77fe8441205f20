import numpy as np
import pytest

from fad.embeddings import ge2e, logmel
from fad.embeddings.mel_windows import CONTEXT, log_mel, mel_bank

FRAMES = (0, 1, 30, 95)


def reference_log_mel(samples, offset):
    """Some frames, bin by bin, as the description reads, in float64."""

    def mel(hertz):
        return 1127 * np.log(1 + hertz / 700)

    edges = np.linspace(mel(125), mel(7500), 66)
    rows = []
    for number in FRAMES:
        frame = samples[160 * number : 160 * number + 400].astype(np.float64)
        frame = frame * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400))
        magnitude = np.abs(
            np.exp(-2j * np.pi * np.outer(np.arange(257), np.arange(400)) / 512) @ frame
        )
        row = []
        for band in range(64):
            low, centre, high = edges[band : band + 3]
            total = 0.0
            for k in range(1, 257):
                at = mel(k * 16000 / 512)
                total += (
                    max(0.0, min((at - low) / (centre - low), (high - at) / (high - centre)))
                    * magnitude[k]
                )
            row.append(np.log(total + offset))
        rows.append(row)
    return np.array(rows)


@pytest.mark.parametrize("offset", [0.01, 0.001])
def test_equals_a_straightforward_reference_on_speech(speech, offset):
    samples = speech[0].samples[:CONTEXT]
    fast = log_mel(samples[None], offset)
    assert fast.shape == (1, 96, 64) and fast.dtype == np.float32
    assert np.abs(fast[0, list(FRAMES)] - reference_log_mel(samples, offset)).max() < 1e-5


def test_the_bank_ignores_what_lies_outside_its_range():
    bank = mel_bank()
    hertz = np.arange(257) * 16000 / 512
    assert (bank[(hertz < 125) | (hertz > 7500)] == 0).all()
    assert (bank.max(axis=0) > 0).all()


def test_log_mel_statistics_are_means_and_spreads(speech):
    window = speech[0].samples[:CONTEXT][None]
    bands = log_mel(window, 0.01)[0]
    row = logmel.statistics(window)[0]
    np.testing.assert_allclose(row, [*bands.mean(axis=0), *bands.std(axis=0)], rtol=1e-5, atol=1e-5)


def test_speaker_front_end_equals_librosa(speech):
    import librosa

    samples = np.resize(speech[0].samples, ge2e.CONTEXT)
    samples = 0.5 * samples / np.abs(samples).max()
    level = 10 * np.log10(np.mean(samples.astype(np.float64) ** 2))
    gain = 10 ** (max(-30 - level, 0) / 20)
    theirs = librosa.feature.melspectrogram(
        y=samples * gain, sr=16000, n_fft=400, hop_length=160, n_mels=40
    ).T[:160]
    ours = ge2e.mel_power(samples[None])[0]
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-5 * theirs.max())
