import dataclasses

import numpy as np
import pytest

from audio.clip import make_clip, read_clip
from experiment.errors import UsageError
from gan import generation
from gan.config import GanConfig
from gan.registry import GENERATORS
from gan.training import train
from gan.vocoder import Vocoder, mel_distance

VOCODERS = ("vocos", "hifigan", "istftnet", "codec")
SMALL = {"dim": 16, "depth": 2, "critic_dim": 4, "precision": "float32", "tensorboard": False}


def fresh(model, **values):
    config = GanConfig(model=model, **{**SMALL, **values})
    return Vocoder(config, GENERATORS[model](config), {"step": 0})


@pytest.fixture(scope="module")
def speech_clip(corpus):
    """The longest clip of one that speaks in sentences."""
    sentences = corpus[(corpus["label"] == "bonafide") & (corpus["source"] == "asterisk")]
    return read_clip(sentences.loc[sentences["duration"].idxmax(), "path"])


@pytest.mark.parametrize("model", VOCODERS)
def test_chunks_make_the_whole(model, speech_clip):
    vocoder = fresh(model)
    audio = speech_clip.samples[:40000]
    whole = vocoder.synthesise(audio)
    for frames in (23, 64):
        chunked = vocoder.synthesise(audio, frames=frames)
        np.testing.assert_allclose(chunked, whole, atol=1e-4 * np.abs(whole).max())
    assert len(whole) == len(audio)


@pytest.mark.parametrize("model", VOCODERS)
def test_every_vocoder_survives_its_folder(model, speech_clip, tmp_path):
    before = fresh(model)
    generation.export(tmp_path, before)
    after = generation.load(tmp_path)
    assert (after.digest, after.config) == (before.digest, before.config)
    samples = speech_clip.samples[:16000]
    np.testing.assert_array_equal(after.copy(samples, 16000), before.copy(samples, 16000))


@pytest.mark.parametrize("rate, n", [(16000, 16001), (44100, 30000), (8000, 5003)])
def test_copies_keep_length_and_level(rate, n, speech_clip):
    samples = speech_clip.samples[:n]
    copied = fresh("vocos").copy(samples, rate)
    assert copied.shape == samples.shape and copied.dtype == np.float32
    assert np.isfinite(copied).all()
    assert np.sqrt(np.mean(copied**2)) == pytest.approx(np.sqrt(np.mean(samples**2)), rel=1e-3)


def test_silence_and_nothing_stay_what_they_are():
    vocoder = fresh("vocos")
    assert not vocoder.copy(np.zeros(5000), 16000).any()
    assert len(vocoder.copy(np.zeros(0), 16000)) == 0


def test_a_codec_takes_the_numbers_of_books_that_it_has(speech_clip):
    codec = fresh("codec")
    samples = speech_clip.samples[:8000]
    few, many = (codec.copy(samples, 16000, books) for books in (4, 8))
    assert not np.allclose(few, many)
    np.testing.assert_array_equal(many, codec.copy(samples, 16000))
    with pytest.raises(UsageError, match="4, 8"):
        codec.copy(samples, 16000, books=5)
    with pytest.raises(UsageError, match="vocos"):
        fresh("vocos").copy(samples, 16000, books=4)


def lag(first, second):
    """Return by how many samples `second` comes later, by the peak of their cross-correlation."""
    n = 2 * len(first)
    product = np.fft.rfft(second, n) * np.conj(np.fft.rfft(first, n))
    peak = int(np.argmax(np.fft.irfft(product)))
    return peak - n if peak > n // 2 else peak


@pytest.fixture(scope="module")
def overfit(speech_clip, tmp_path_factory):
    """A Vocos that has seen one second of one voice."""
    config = GanConfig(
        model="vocos", **{**SMALL, "dim": 64}, batch=2, samples=8192, warm_up=10**6, ema=0.9
    )
    config = dataclasses.replace(config, learning_rate=2e-3, gain=(-4.0, -3.0))
    clip = make_clip(speech_clip.samples[8000:24000])
    folder = tmp_path_factory.mktemp("overfit") / "run"
    train(config, [clip], folder, steps=150)
    return generation.load(folder), clip


def test_one_clip_can_be_learnt(overfit):
    vocoder, clip = overfit
    untrained = mel_distance(fresh("vocos", dim=64), [clip])[0]
    assert mel_distance(vocoder, [clip])[0] < min(0.75, untrained / 2)


def test_a_copy_is_neither_early_nor_late(overfit):
    vocoder, clip = overfit
    copied = vocoder.copy(clip.samples, 16000)
    envelopes = [np.convolve(np.abs(x), np.ones(64), "same") for x in (clip.samples, copied)]
    first, second = (envelope - envelope.mean() for envelope in envelopes)
    assert abs(lag(first, second)) <= 32
    upsampled = np.repeat(clip.samples, 3)
    assert len(vocoder.copy(upsampled, 48000)) == len(upsampled)
