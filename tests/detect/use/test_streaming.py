import io
import time

import numpy as np
import pandas as pd
import pytest

from audio.clip import make_clip, write_wav
from audio.frontends import LogMel
from audio.live import microphone, pipe
from detect.use import streaming
from detect.use.detector import Detector
from detect.use.verdict import judge_files, verdict, verdicts
from experiment.errors import DataError, UsageError

RATE = 16000


@pytest.fixture(scope="module")
def detector():
    """Hears one thing: energy above 4 kHz beside that below makes a window fake."""
    import keras
    from keras import ops

    front = LogMel()
    x = inputs = keras.Input(front.shape)
    high = ops.mean(x[:, :, 48:], axis=(1, 2)) - ops.mean(x[:, :, :32], axis=(1, 2))
    dense = keras.layers.Dense(1, kernel_initializer=keras.initializers.Constant(-1.0))
    return Detector("cnn", front, keras.Model(inputs, dense(high)))


@pytest.fixture(scope="module")
def noises():
    """Four seconds each of noise below 1 kHz and of noise above 5 kHz."""
    from scipy.signal import butter, sosfilt

    white = np.random.default_rng(0).normal(0, 0.1, 4 * RATE)
    shapes = (
        butter(8, 1000, "low", fs=RATE, output="sos"),
        butter(8, 5000, "high", fs=RATE, output="sos"),
    )
    return [sosfilt(shape, white).astype(np.float32) for shape in shapes]


@pytest.fixture(scope="module")
def recording(noises):
    low, high = noises
    return np.concatenate([low, high, low])


def test_the_fake_seconds_of_a_recording_are_found(detector, recording):
    table = streaming.timeline(detector, recording, step=0.5)
    assert list(table["start"]) == list(np.arange(0, 10.5, 0.5))
    assert (table["end"] - table["start"] == 2).all()
    [(start, end)] = streaming.stretches(table, 0.0)
    assert (start, end) == pytest.approx((4, 8), abs=0.6)
    assert table["distance"].isna().all()


def test_each_window_scores_as_a_clip_of_its_own(detector, recording):
    table = streaming.timeline(detector, recording)
    cuts = [make_clip(recording[int(s * RATE) :][: 2 * RATE]) for s in table["start"]]
    assert table["llr"].to_numpy() == pytest.approx(detector.score(cuts), abs=1e-4)


def test_silence_has_no_score_and_is_not_called_fake(detector, noises):
    sound = np.concatenate([noises[1], np.zeros(4 * RATE, np.float32)])
    table = streaming.timeline(detector, sound, step=2)
    assert table["llr"].isna().tolist() == [False, False, True, True]
    assert streaming.stretches(table, 0.0) == [(0.0, 4.0)]


@pytest.mark.parametrize(
    ("seconds", "starts"),
    [(1, [0]), (2, [0]), (2.5, [0, 0.5]), (3, [0, 1]), (4.2, [0, 1, 2, 2.2])],
)
def test_the_last_window_ends_with_the_recording(detector, recording, seconds, starts):
    table = streaming.timeline(detector, recording[: int(seconds * RATE)])
    assert table["start"].tolist() == pytest.approx(starts)
    assert table["end"].iloc[-1] == pytest.approx(seconds)


def test_wrong_steps_and_rates_are_refused(detector, recording):
    with pytest.raises(UsageError, match="step must be positive"):
        streaming.timeline(detector, recording, step=0)
    with pytest.raises(DataError, match="8000 Hz"):
        streaming.timeline(detector, recording, rate=8000)


def test_a_timeline_is_drawn_with_what_is_fake(detector, recording):
    table = streaming.timeline(detector, recording)
    axes = streaming.draw(table, 0.0, "title").axes[0]
    assert {text.get_text() for text in axes.get_legend().get_texts()} >= {"called fake"}
    assert axes.get_xlim() == (0, 12)


def test_a_long_recording_is_judged_in_its_parts_a_short_one_by_its_centre(detector, recording):
    long, short = verdicts(detector, [make_clip(recording), make_clip(recording[: 4 * RATE])])
    assert long["fake"][0] == pytest.approx((4, 8), abs=1.1)
    values = [row["llr"] for row in long["timeline"]]
    assert long["llr"] == pytest.approx(np.mean(values)) and long["judged"] == 12
    assert short["timeline"] is None and short["judged"] == 2
    centre = make_clip(recording[RATE : 3 * RATE])
    assert short["llr"] == pytest.approx(detector.score([centre])[0], abs=1e-5)


def test_silence_gets_no_verdict(detector):
    for seconds in (1, 30):
        found = verdict(detector, make_clip(np.zeros(seconds * RATE)))
        assert (found["verdict"], found["llr"]) == ("cannot judge", None)


def test_many_files_are_judged_in_order_and_bad_ones_named(detector, noises, tmp_path):
    paths = [tmp_path / f"{k}.wav" for k in range(70)]
    for k, path in enumerate(paths):
        write_wav(path, noises[k % 2][:RATE])
    paths[3].write_text("<html>")
    found = list(judge_files(detector, paths))
    assert [one["file"] for one in found] == list(map(str, paths))
    assert "not audio" in found[3].pop("reason")
    called = [one["verdict"] for one in found if "verdict" in one]
    assert set(called[:3:2]) == {"bona fide"} and called[1] == "spoof"


# ------------------------------------------------------------------ live


def test_live_sound_scores_as_the_recording(detector, recording):
    blocks = np.array_split(recording, 37)
    heard = list(streaming.listen(detector, blocks, step=1))
    table = streaming.timeline(detector, recording, step=1)
    assert [w.start for w in heard] == table["start"].tolist()
    assert [w.llr for w in heard] == pytest.approx(table["llr"].tolist(), abs=1e-4)
    load = streaming.load_of(heard, 1)
    assert load["windows"] == 11
    assert 0 < load["latency_p50"] <= load["latency_p95"]
    assert 0 < load["real_time_factor"] < 1


def test_a_detector_that_is_slow_is_seen_to_be(detector, noises, monkeypatch):
    fast = streaming.score_windows
    monkeypatch.setattr(streaming, "score_windows", lambda *a: (time.sleep(0.25), fast(*a))[1])
    heard = list(streaming.listen(detector, [noises[0][:45000]], step=0.2))
    load = streaming.load_of(heard, 0.2)
    assert load["real_time_factor"] > 1
    assert load["latency_p95"] > load["latency_p50"] > 0.5  # later windows wait for earlier ones


def test_nothing_heard_has_no_latency(detector):
    assert list(streaming.listen(detector, [np.zeros(100)])) == []
    assert streaming.load_of([], 1)["latency_p50"] is None


def wav_bytes(samples, rate, subtype, channels=1):
    import soundfile

    buffer = io.BytesIO()
    shaped = np.repeat(samples[:, None], channels, axis=1)
    soundfile.write(buffer, shaped, rate, subtype=subtype, format="WAV")
    return buffer.getvalue()


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_32", "FLOAT"])
def test_a_wav_stream_describes_itself(noises, subtype, channels):
    data = wav_bytes(noises[0], RATE, subtype, channels)
    found = np.concatenate(list(pipe(io.BytesIO(data))))
    assert found == pytest.approx(noises[0], abs=1 / 32768)


def test_the_length_of_an_endless_stream_is_no_matter(noises):
    data = bytearray(wav_bytes(noises[0], RATE, "PCM_16"))
    place = data.index(b"data") + 4
    data[place : place + 4] = b"\xff\xff\xff\xff"
    assert sum(map(len, pipe(io.BytesIO(bytes(data))))) == len(noises[0])


@pytest.mark.parametrize(("encoding", "kind"), [("s16", "<i2"), ("f32", "<f4")])
def test_raw_samples_are_taken_as_told_and_resampled(noises, encoding, kind):
    scale = 32767 if kind == "<i2" else 1
    data = (noises[0] * scale).astype(kind).tobytes()
    same = np.concatenate(list(pipe(io.BytesIO(data), encoding=encoding)))
    assert same == pytest.approx(noises[0], abs=1e-4)
    half = np.concatenate(list(pipe(io.BytesIO(data), source_rate=32000, encoding=encoding)))
    assert len(half) == pytest.approx(len(noises[0]) / 2, abs=2)


def test_damaged_streams_are_refused():
    with pytest.raises(UsageError, match="unknown encoding"):
        next(pipe(io.BytesIO(b""), encoding="mp3"))
    with pytest.raises(DataError, match="without format or data"):
        next(pipe(io.BytesIO(b"RIFF\0\0\0\0WAVEjunk")))
    alaw = wav_bytes(np.zeros(100), 8000, "ALAW")
    with pytest.raises(DataError, match="WAV format 6 with 8 bits"):
        next(pipe(io.BytesIO(alaw)))


def test_a_missing_microphone_package_is_one_sentence(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sounddevice", None)
    with pytest.raises(UsageError, match="pip install sounddevice"):
        next(microphone())


def test_tables_of_one_window_have_no_neighbours():
    table = pd.DataFrame({"start": [0.0], "end": [2.0], "llr": [-1.0], "distance": [np.nan]})
    assert streaming.stretches(table, 0.0) == [(0.0, 2.0)]
