import librosa
import numpy as np
import pytest

from audio import dsp


@pytest.mark.parametrize("size, hop", [(1024, 256), (512, 128), (256, 128)])
def test_samples_come_back_as_they_were(speech, size, hop):
    signal = speech[0].samples.astype(float)
    spectra = dsp.stft(signal, size, hop, dsp.centred(size, hop))
    back = dsp.istft(spectra, size, hop, size // 2, len(signal))
    np.testing.assert_allclose(back, signal, atol=1e-9)


def test_frames_are_those_of_librosa(speech):
    signal = speech[0].samples[:16000]
    ours = dsp.stft(signal, 512, 128, (256, 256))
    theirs = librosa.stft(signal, n_fft=512, hop_length=128, pad_mode="constant").T
    np.testing.assert_allclose(ours, theirs, atol=2e-5)


def test_a_batch_is_its_members(speech):
    batch = np.stack([clip.samples[:8000] for clip in speech[:3]])
    together = dsp.stft(batch, 256, 64, (64, 64))
    alone = [dsp.stft(row, 256, 64, (64, 64)) for row in batch]
    np.testing.assert_array_equal(together, np.stack(alone))


def test_the_inverse_is_the_nearest_in_the_least_squares_sense():
    generator = np.random.default_rng(0)
    spectra = generator.standard_normal((9, 33)) + 1j * generator.standard_normal((9, 33))
    spectra[:, [0, -1]] = spectra[:, [0, -1]].real
    found = dsp.istft(spectra, 64, 32, 16, 256)

    def error(signal):
        frames = np.fft.irfft(spectra) - np.fft.irfft(dsp.stft(signal, 64, 32, (16, 48)))
        return np.sum(frames**2)

    for _ in range(5):
        assert error(found) < error(found + 0.01 * generator.standard_normal(256))


def test_griffin_lim_comes_nearer_with_every_projection(speech):
    signal = speech[0].samples[:16000]

    def forward(x):
        return dsp.stft(x, 512, 128, dsp.centred(512, 128))

    def inverse(spectra):
        return dsp.istft(spectra, 512, 128, 256, len(signal))

    magnitude = np.abs(forward(signal))
    phase = np.exp(2j * np.pi * np.random.default_rng(0).random(magnitude.shape))
    errors = [
        np.linalg.norm(
            np.abs(forward(dsp.griffin_lim(magnitude, phase, forward, inverse, n))) - magnitude
        )
        for n in (0, 4, 32)
    ]
    assert errors[0] > errors[1] > errors[2]


def test_mel_banks_are_librosa_s():
    for bank, htk, norm in ((dsp.slaney_bank, False, "slaney"), (dsp.htk_bank, True, None)):
        theirs = librosa.filters.mel(
            sr=16000, n_fft=512, n_mels=40, fmin=50, fmax=7600, htk=htk, norm=norm
        )
        ours = bank(16000, 512, 40, 50, 7600)
        if htk:  # librosa's triangles are straight in Hz, these in mel
            np.testing.assert_array_equal(ours.argmax(axis=0), theirs.argmax(axis=1))
        else:
            np.testing.assert_allclose(ours.T, theirs, atol=1e-6)


def test_mel_and_back():
    hertz = np.linspace(0, 8000, 50)
    np.testing.assert_allclose(dsp.slaney_hertz(dsp.slaney_mel(hertz)), hertz, atol=1e-9)


def test_noise_is_as_far_below_as_asked():
    generator = np.random.default_rng(0)
    signal, noise = generator.standard_normal((2, 1000))
    found = 20 * np.log10(dsp.rms(signal) / dsp.rms(dsp.at_snr(noise, signal, 12.0)))
    assert found == pytest.approx(12)
