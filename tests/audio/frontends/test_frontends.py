import dataclasses

import numpy as np
import pytest

from audio.frontends import CQT, FRONTENDS, LFCC, MFCC, LogMel, Waveform, from_dict, to_dict
from audio.frontends.base import UNIT, decibels, power
from audio.frontends.cepstral import linear_bank
from audio.frontends.mel import mel_bank
from experiment.errors import DataError, UsageError

RATE = 16000


@pytest.fixture(params=FRONTENDS)
def front(request):
    return FRONTENDS[request.param]()


@pytest.fixture
def samples(speech):
    return max((clip.samples for clip in speech), key=len)


def test_features_have_the_shape_that_is_announced(front, samples):
    features = front(samples)
    assert features.shape == front.shape == (len(front.times), *front.shape[1:])
    assert features.dtype == np.float32
    assert np.isfinite(features).all()
    assert front.frequencies is None or len(front.frequencies) == front.shape[1]
    assert 0 <= front.times[0] <= front.times[-1] <= front.seconds + 0.1


def test_a_batch_equals_its_clips_one_by_one(front, speech):
    clips = [clip.samples for clip in speech[:4]]
    assert np.array_equal(front.batch(clips), np.stack([front(clip) for clip in clips]))
    assert front.batch([]).shape == (0, *front.shape)


def test_the_level_of_a_clip_leaves_no_trace(front, samples):
    assert np.allclose(front(samples), front(samples * 0.02), atol=2e-4)


@pytest.mark.parametrize("value", [0.0, 0.25])
def test_silence_and_constants_give_finite_features(front, value):
    features = front(np.full(RATE, value, np.float32))
    assert np.isfinite(features).all()
    assert value or not features.any()


def test_a_front_end_survives_a_round_trip(front):
    assert from_dict(to_dict(front)) == front
    assert hash(front)


@pytest.mark.parametrize("extra", [-1, 0, 1, 16001])
def test_clips_around_the_exact_length(front, samples, extra):
    n = front.samples + extra
    assert front(np.resize(samples, n)).shape == front.shape


def test_short_clips_are_repeated_and_long_ones_cropped():
    front = Waveform(seconds=10 / RATE)
    assert front.fit(np.arange(4)).tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]
    assert front.fit(np.arange(14)).tolist() == list(range(2, 12))
    leading = dataclasses.replace(front, crop="leading")
    assert leading.fit(np.arange(14)).tolist() == list(range(10))


def test_short_clips_are_padded_or_refused_on_demand():
    front = Waveform(seconds=6 / RATE, short="pad")
    assert front.fit(np.arange(1, 5)).tolist() == [1, 2, 3, 4, 0, 0]
    assert front.fit(np.arange(8)).tolist() == [1, 2, 3, 4, 5, 6]
    with pytest.raises(DataError, match="4 samples, 6 are needed"):
        dataclasses.replace(front, short="truncate").fit(np.arange(4))


def test_log_mel_equals_librosa(samples):
    librosa = pytest.importorskip("librosa")
    front = LogMel()
    mel = librosa.feature.melspectrogram(
        y=front.fit(samples), sr=RATE, n_fft=front.n_fft, hop_length=front.hop, n_mels=front.bands
    )
    level = librosa.power_to_db(mel, ref=1.0, top_db=80)
    assert np.abs(UNIT * front(samples)[..., 0] - (level - level.mean()).T).max() < 1e-4
    assert np.allclose(
        mel_bank(RATE, 1024, 64, 0, 8000).toarray(),
        librosa.filters.mel(sr=RATE, n_fft=1024, n_mels=64),
    )
    assert np.allclose(front.frequencies, librosa.mel_frequencies(66, fmax=8000)[1:-1])
    assert np.allclose(front.times, librosa.frames_to_time(range(126), sr=RATE, hop_length=256))


def test_mfcc_equals_librosa(samples):
    librosa = pytest.importorskip("librosa")
    front = MFCC()
    level = UNIT * LogMel()(samples)[..., 0].T
    static = librosa.feature.mfcc(S=level, n_mfcc=20)
    slopes = [librosa.feature.delta(static, order=order) for order in (1, 2)]
    assert np.abs(UNIT * front(samples)[..., 0].T - np.concatenate([static, *slopes])).max() < 1e-4


def test_spectrogram_equals_librosa(samples):
    librosa = pytest.importorskip("librosa")
    signal = LogMel().fit(samples).astype(float)
    ours = power(signal, 512, 160, 320)
    theirs = np.abs(librosa.stft(signal, n_fft=512, hop_length=160, win_length=320)).T ** 2
    assert np.abs(decibels(ours) - librosa.power_to_db(theirs, top_db=80)).max() < 1e-4


def test_lfcc_equals_librosa(samples):
    librosa = pytest.importorskip("librosa")
    front = LFCC()
    spectrum = librosa.stft(
        front.fit(samples).astype(float), n_fft=512, hop_length=160, win_length=320
    )
    bands = linear_bank(RATE, 512, 20) @ np.abs(spectrum) ** 2
    level = librosa.power_to_db(bands, top_db=80, amin=1e-20)
    static = librosa.feature.mfcc(S=level - level.mean(), n_mfcc=20)
    slopes = [librosa.feature.delta(static, width=3, order=order) for order in (1, 2)]
    assert np.abs(UNIT * front(samples)[..., 0].T - np.concatenate([static, *slopes])).max() < 1e-4


@pytest.mark.parametrize(
    "front",
    [CQT(), CQT(seconds=64600 / RATE, bands=80), CQT(low=100.0, bands=120, per_octave=24)],
)
def test_constant_q_equals_librosa(samples, front):
    librosa = pytest.importorskip("librosa")
    found = librosa.cqt(
        front.fit(samples).astype(float),
        sr=RATE,
        hop_length=front.hop,
        fmin=front.low,
        n_bins=front.bands,
        bins_per_octave=front.per_octave,
    )
    level = librosa.power_to_db(np.abs(found) ** 2, top_db=80, amin=1e-20).T
    assert np.abs(UNIT * front.picture(samples) - (level - level.mean())).max() < 1e-4
    bins = librosa.cqt_frequencies(front.bands, fmin=front.low, bins_per_octave=front.per_octave)
    assert np.allclose(front.frequencies, bins)


def test_waveform_is_centred_and_scaled(samples):
    front = Waveform()
    signal = front.fit(samples).astype(float)
    expected = (signal - signal.mean()) / signal.std()
    assert np.abs(front(samples)[:, 0] - expected).max() < 1e-5


def test_four_second_crops_are_those_of_the_baselines(front, samples):
    front = dataclasses.replace(front, seconds=64600 / RATE)
    assert front.samples == 64600
    assert front(samples).shape == front.shape


def test_lfcc_is_sixty_dimensional_every_ten_milliseconds():
    front = LFCC()
    assert front.shape == (201, 60, 1)
    assert np.allclose(np.diff(front.times), 0.01)


def test_unusable_input_is_refused(front):
    for samples in (np.zeros(0), np.zeros((2, 100)), np.float32(1)):
        with pytest.raises(DataError, match="Received: shape"):
            front(samples)


def test_unusable_settings_are_refused():
    with pytest.raises(UsageError, match="'middle'"):
        LogMel(crop="middle")
    with pytest.raises(UsageError, match="seconds"):
        LogMel(seconds=0)
    with pytest.raises(UsageError, match="repeat, pad, truncate"):
        LogMel(short="stretch")
    with pytest.raises(UsageError, match="must end between 2000 and 8000 Hz"):
        CQT(bands=96)
    with pytest.raises(UsageError, match="multiple of 64 for 7 octaves. Received: 160"):
        CQT(hop=160)
    with pytest.raises(UsageError, match="choose one of: logmel"):
        from_dict({"name": "melon"})
    with pytest.raises(DataError, match="does not fit"):
        from_dict({"name": "logmel", "colour": 3})
