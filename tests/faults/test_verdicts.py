"""What is no sound, not finite or beyond the bound is never called bona fide without a warning."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import soundfile

from audio.clip import LOUDEST, make_clip, read_clip
from detect.use import streaming
from detect.use.batch import judge
from detect.use.lines import told
from detect.use.soundness import unsound
from detect.use.verdict import called, verdict, verdicts
from experiment.errors import DataError

N = 32000
PLACE = np.arange(N)
NOTHING = {
    "silence": np.zeros(N),
    "subnormal": np.full(N, 1e-40),
    "subnormal noise": 1e-41 * np.random.default_rng(0).standard_normal(N),
    "constant": np.full(N, 0.3),
    "silence with a click": np.where(PLACE == N // 2, 1.0, 0.0),
    "silence with a faint click": np.where(PLACE == N // 2, 0.01, 0.0),
    "two clicks": np.where(PLACE % (N // 2) == 100, 1.0, 0.0),
}


def spoilt(voice):
    """Return the voice under every change that once raised the score."""
    click = voice.copy()
    click[N // 2] = 7.9
    ramp = np.linspace(-1, 1, N)
    return {
        "a loud click": 0.1 * voice + np.where(PLACE == N // 2, 1.0, 0.0),
        "a click at the bound": click,
        "an offset": voice + 0.5,
        "an offset at the bound": voice + 7.0,
        "a tone at 7.9 kHz": voice + 0.5 * np.sin(2 * np.pi * 7900 / 16000 * PLACE),
        "a tone near the highest": voice + np.sin(2 * np.pi * 7990 / 16000 * PLACE),
        "a tone of 20 Hz": voice + np.sin(2 * np.pi * 20 / 16000 * PLACE),
        "the highest frequency": voice + 0.5 * (-1.0) ** PLACE,
        "a ramp": voice + ramp,
        "as loud as the bound": np.sign(voice) * LOUDEST,
        "many clicks": voice + np.where(PLACE % 4000 == 0, 3.0, 0.0),
    }


@pytest.mark.parametrize("kind", NOTHING)
def test_nothing_to_hear_cannot_be_judged(kind, starter):
    found = verdict(starter, make_clip(NOTHING[kind]))
    assert (found["verdict"], found["llr"], found["outside"]) == ("cannot judge", None, True)


def test_spoilt_sound_is_outside_or_cannot_be_judged(voice, starter):
    changes = spoilt(voice)
    clips = [make_clip(samples) for samples in changes.values()]
    for name, found in zip(changes, verdicts(starter, clips), strict=True):
        assert found["outside"] is True, name
        if found["verdict"] == "cannot judge":
            assert found["llr"] is None and found["flags"], name


@pytest.mark.parametrize("level", [8.1, 30, 1e3, 1e10, 1e19, 1e20, 3e38])
def test_one_sample_beyond_the_bound_is_refused_by_its_index(level, voice, tmp_path):
    samples = voice.copy()
    samples[777] = -level
    with pytest.raises(DataError, match="sample 777 is -.*scale it down"):
        make_clip(samples)
    soundfile.write(tmp_path / "x.wav", samples, 16000, "FLOAT")
    with pytest.raises(DataError, match=r"x\.wav: sample 777"):
        read_clip(tmp_path / "x.wav")


@pytest.mark.parametrize("gain", [7.0, 1.0, 1e-2, 1e-3])
def test_the_level_of_a_recording_changes_nothing(gain, voice, starter):
    voice = voice / np.abs(voice).max()
    plain, other = verdicts(starter, [make_clip(voice), make_clip(gain * voice)])
    assert other["llr"] == pytest.approx(plain["llr"], abs=1e-3)


@dataclasses.dataclass(frozen=True)
class Odd:
    """A domain that finds everything at one distance."""

    far: float
    level: float = 2.0

    def distance(self, features):
        return np.full(len(features), self.far)


@pytest.mark.parametrize("far", [np.nan, np.inf])
def test_a_distance_that_is_not_finite_is_outside_and_no_verdict(far, voice, starter):
    odd = dataclasses.replace(starter, domain=Odd(far))
    for clip in (make_clip(voice), make_clip(np.tile(voice, 4))):
        found = verdict(odd, clip)
        assert (found["verdict"], found["outside"], found["distance"]) == (
            "cannot judge",
            True,
            None,
        )
    assert told(odd, 9.0, far, 2.0) == {"verdict": "cannot judge", "outside": True}


@pytest.mark.parametrize("score", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_not_finite_is_no_verdict(score, voice, starter, monkeypatch):
    assert called(score, 0.0) == "cannot judge"
    monkeypatch.setattr(type(starter), "logits", lambda self, x: np.full(len(x), score))
    for clip in (make_clip(voice), make_clip(np.tile(voice, 4))):
        found = verdict(starter, clip)
        assert (found["verdict"], found["llr"], found["outside"]) == ("cannot judge", None, True)


@pytest.mark.parametrize("record", [{"learned": False}, {"ability": {"learned": False}}])
def test_a_detector_that_learned_nothing_says_so(record, voice, starter, capsys, tmp_path):
    empty = dataclasses.replace(starter, training=record)
    found = verdict(empty, make_clip(voice))
    assert found["verdict"] == "cannot judge" and "learned nothing" in found["meaning"]
    soundfile.write(tmp_path / "x.wav", voice, 16000)
    judge(empty, [tmp_path / "x.wav"])
    assert "learned nothing" in capsys.readouterr().out


def test_a_few_windows_of_another_kind_do_not_outweigh_the_rest():
    """A tone in two of eleven windows once turned a long fake into bona fide."""
    table = pd.DataFrame({"llr": [-3.0] * 9 + [60.0] * 2, "distance": [1.0] * 9 + [8.0] * 2})
    assert streaming.counting(table, 2.0)["llr"].mean() == -3
    assert len(streaming.counting(table.iloc[::-1].head(3), 2.0)) == 3
    table.loc[0, "llr"] = np.inf
    assert np.isfinite(streaming.counting(table, None)["llr"]).all()


def test_windows_without_sound_have_no_score(voice, starter):
    click = np.zeros(N, np.float32)
    click[5] = 1
    loud = np.where(PLACE == 9, 50.0, voice).astype(np.float32)
    rows = streaming.score_windows(starter, [voice, click, voice * 0 + 0.3, loud])
    assert np.isfinite(rows[0]).all()
    assert np.isnan(np.array(rows[1:])).all()


def test_real_speech_is_sound(speech):
    assert {unsound(clip.samples) for clip in speech} == {""}
