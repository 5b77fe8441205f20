"""The audit finds a shortcut that is there, and none of level and offset in the corpus."""

import numpy as np
import pytest

from audio.clip import write_wav
from audio.shortcuts import _area, audit, measure

COPIES = ("world", "griffinlim")


def test_features_say_what_they_are_called(speech):
    samples = speech[0].samples.astype(float)
    plain, loud, shifted = measure(samples), measure(samples / 2), measure(samples + 0.1)
    assert plain["level.rms"] - loud["level.rms"] == pytest.approx(6.02, abs=0.01)
    assert plain["level.crest"] == pytest.approx(loud["level.crest"], abs=0.01)
    assert shifted["dc.mean"] - plain["dc.mean"] == pytest.approx(0.1)
    late = measure(np.concatenate([np.zeros(8000), samples]))
    assert late["silence.before"] - plain["silence.before"] == pytest.approx(0.5, abs=0.02)
    coarse = measure(np.round(samples * 64) / 64)
    assert coarse["quantisation.values"] < plain["quantisation.values"]
    spectrum = np.fft.rfft(samples)
    spectrum[len(spectrum) // 4 :] = 0
    assert measure(np.fft.irfft(spectrum))["bandwidth.rolloff"] < 2100


def test_area_under_the_curve_of_known_scores():
    real = np.array([True, True, False, False])
    assert _area(np.array([3, 2, 1, 0]), real) == 1
    assert _area(np.array([0, 1, 2, 3]), real) == 0
    assert _area(np.zeros(4), real) == 0.5


def test_level_and_offset_do_not_betray_the_copies(corpus):
    frame = corpus[corpus["attack"].isin({"", *COPIES})]
    found = audit(frame, ("dc", "level"), repeats=200)
    assert len(found) == 4
    assert (found["apart"] == "speaker").all()
    assert (found["auc"] < 0.7).all()
    assert (found["low"] < found["auc"]).all()
    assert (found["auc"] < found["high"]).all()


def test_an_offset_is_found(corpus, speech, tmp_path):
    frame = corpus[corpus["attack"].isin({"", "world"}) & (corpus["split"] == "train")].copy()
    from audio.manifest import clips

    for index, clip in zip(frame.index, list(clips(frame)), strict=True):
        if frame.loc[index, "label"] == "spoof":
            path = tmp_path / f"{clip.id}.wav"
            write_wav(path, clip.samples * 0.9 + 0.01)
            frame.loc[index, "path"] = str(path)
    assert audit(frame, ("dc",), repeats=50)["auc"].item() > 0.95
