import numpy as np
import pytest

from audio.clip import resample
from gan import generation

VOCODERS = [name for name in generation.shipped() if generation.copies(name)]


BANDS = np.geomspace(200, 4000, 10)
POINTS = 2**17
SYLLABLES = 16  # Hz


def envelope(sound, low, rate):
    """Return the spectrum of the envelope of a band of half an octave, below pitch and frames."""
    spectrum, frequency = np.fft.fft(sound, POINTS), np.fft.fftfreq(POINTS, 1 / rate)
    spectrum[(frequency < low) | (frequency > 1.4 * low)] = 0
    band = np.abs(np.fft.ifft(spectrum))[: len(sound)]
    smooth = np.exp(-0.5 * (np.fft.rfftfreq(POINTS, 1 / rate) / SYLLABLES) ** 2)
    return np.fft.rfft(band - band.mean(), POINTS) * smooth


def lag(pairs, rate):
    """Return by how many seconds the second sound of each pair comes later.

    The peak of the correlation of their envelopes: a vocoder keeps these, and not the phases.
    """
    total = 0
    for first, second in pairs:
        for low in BANDS:
            product = envelope(second, low, rate) * np.conj(envelope(first, low, rate))
            total = total + product / np.linalg.norm(product)
    correlation = np.fft.irfft(total)
    peak = int(np.argmax(correlation))
    return (peak - POINTS if peak > POINTS // 2 else peak) / rate


def test_the_measure_of_lag_finds_one(speech):
    pairs = [(clip.samples[:-80], clip.samples[80:]) for clip in speech[:2]]
    assert lag(pairs, 16000) == pytest.approx(-0.005, abs=1e-4)


@pytest.mark.parametrize("name", VOCODERS)
def test_shipped_vocoders_copy_unseen_speech_in_its_place(name, speech):
    folder = generation.SHIPPED / name
    assert sum(path.stat().st_size for path in folder.iterdir()) < 6.5e6
    card = (folder / "README.md").read_text().lower()
    assert "licence" in card and "held out" in card and "not good for" in card
    vocoder = generation.load(name)
    originals = [clip.samples for clip in speech[:8]]
    pairs = [(samples, vocoder.copy(samples, 16000)) for samples in originals]
    assert all(copied.shape == original.shape for original, copied in pairs)
    assert abs(lag(pairs, 16000)) < 0.004  # a quarter of a frame
    upsampled = resample(speech[0].samples, 16000, 44100)
    again = resample(vocoder.copy(upsampled, 44100), 44100, 16000)[: len(speech[0].samples)]
    likeness = np.corrcoef(again, vocoder.copy(speech[0].samples, 16000)[: len(again)])[0, 1]
    assert likeness > 0.95
