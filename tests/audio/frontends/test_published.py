import numpy as np
import pytest
import scipy.fft

from audio.frontends import LFCC, PUBLISHED, from_dict, to_dict
from experiment.errors import UsageError
from experiment.seeds import rng

librosa = pytest.importorskip("librosa")
EPS = np.finfo(np.float32).eps


def baseline(samples, hop, window, bands, high, emphasis, energy):
    """The LFCC of the ASVspoof 2021 baselines: 20 coefficients and two differences."""
    x = samples.astype(float)
    x[1:] -= emphasis * samples[:-1]
    spectrum = librosa.stft(x, n_fft=1024, hop_length=hop, win_length=window, window="hamming")
    power = np.abs(spectrum.T) ** 2
    edges, f = np.linspace(0, high, bands + 2), np.linspace(0, 8000, 513)[:, None]
    rising, falling = (f - edges[:-2]), (edges[2:] - f)
    bank = np.maximum(np.minimum(rising, falling) / (edges[1] - edges[0]), 0)
    static = scipy.fft.dct(np.log10(power @ bank + EPS), norm="ortho", axis=1)[:, :20]
    if energy:
        static[:, 0] = np.log10(power.sum(axis=1) / 1024 + EPS)
    parts = [static]
    for _ in range(2):
        padded = np.concatenate([parts[-1][:1], parts[-1], parts[-1][-1:]])
        parts.append(padded[2:] - padded[:-2])
    return np.concatenate(parts, axis=1)


STATED = {
    "asvspoof2021_lcnn": (160, 320, 20, 4000, 0.97, True),
    "asvspoof2021_gmm": (240, 480, 70, 4000, 0, False),
    "pcdarts": (256, 1024, 70, 8000, 0, False),
}


@pytest.mark.parametrize("name", STATED)
def test_the_front_ends_of_the_baselines(name):
    front, samples = PUBLISHED[name], rng(0).normal(size=130000).astype(np.float32) / 10
    samples[20000:40000] *= 1e-3
    expected = baseline(samples[: front.samples], *STATED[name])
    assert front(samples).shape == front.shape == (*expected.shape, 1)
    assert np.abs(front(samples)[..., 0] - expected).max() < 2e-5 * np.abs(expected).max()
    assert from_dict(to_dict(front)) == front


def test_raw_samples_are_as_they_were_recorded():
    front, samples = PUBLISHED["raw"], rng(1).normal(size=70000).astype(np.float32)
    assert front.shape == (64600, 1)
    assert np.array_equal(front(samples)[:, 0], samples[:64600])
    short = samples[:30000]
    assert np.array_equal(front(short)[:, 0], np.concatenate([short, short, short[:4600]]))
    assert from_dict({"name": "waveform"}).normalise


def test_settings_that_do_not_go_together_are_refused():
    with pytest.raises(UsageError, match="taper"):
        LFCC(taper="kaiser")
    with pytest.raises(UsageError, match="slope"):
        LFCC(slope="none")
    with pytest.raises(UsageError, match="level"):
        LFCC(level="loud")
    with pytest.raises(UsageError, match="log_energy"):
        LFCC(log_energy=True)
