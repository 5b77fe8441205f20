import numpy as np
import pytest

from audio.augment import Level, Noise
from audio.manifest import clips
from detect.evaluation.intervals import table
from detect.use.scoring import score_manifest
from experiment.errors import DataError
from experiment.seeds import rng
from study.robustness import CONDITIONS, robustness
from study.transfer import by_attack, leave_one_out, matrix, trainings

MODEL = "mfcc_svm"


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setattr("experiment.arrays.cache_folder", lambda *parts: folder)
        yield


@pytest.fixture(scope="module")
def frame(corpus):
    """At most a dozen clips of each split and attack."""
    return corpus.groupby(["split", "attack"]).head(12)


@pytest.fixture(scope="module")
def detectors(frame):
    return trainings(MODEL, frame)


def row(rows, **where):
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return rows.iloc[0]


def test_each_condition_is_scored_on_changed_clips_at_the_same_threshold(frame, detectors):
    test = frame[frame["split"] == "test"]
    conditions = {"clean": None, "noise": Noise(0, 0), "level": Level(-6, -6)}
    rows = robustness(detectors, test, conditions, metrics=("eer", "accuracy"), repeats=30)
    assert rows["condition"].tolist() == ["clean"] * 2 + ["noise"] * 2 + ["level"] * 2
    clean = table(score_manifest(detectors[0], test), repeats=30)
    assert row(rows, condition="clean", metric="eer").value == row(clean, kind="all").value
    assert row(rows, condition="clean", metric="eer").difference == 0
    level = row(rows, condition="level", metric="eer")
    assert level.difference == pytest.approx(0, abs=0.02)  # front ends take the level out
    assert row(rows, condition="noise", metric="eer").difference > 0
    noise = row(rows, condition="noise", metric="accuracy")
    before = row(rows, condition="clean", metric="accuracy").value
    assert noise.difference == pytest.approx(noise.value - before)


def test_changed_clips_are_what_the_change_gives(frame, detectors):
    few = frame[frame["split"] == "test"].head(4)
    detector = detectors[0]

    def change(clip):
        return Noise(5, 5)(clip.samples, rng(3, clip.name)).astype("float32")

    found = score_manifest(detector, few, change, "five")["score"].to_numpy()
    sounds = [change(clip) for clip in clips(few)]
    logits = detector.logits(detector.front_end.batch(sounds))
    assert np.allclose(found, detector.calibration(logits), atol=1e-4)


def test_the_conditions_are_those_of_a_recording(speech):
    assert next(iter(CONDITIONS)) == "clean"
    assert sum(name.startswith("noise") for name in CONDITIONS) == 4
    for name, change in CONDITIONS.items():
        if change is not None:
            samples = change(speech[0].samples, rng(0))
            assert np.isfinite(samples).all(), name
            assert np.array_equal(samples, change(speech[0].samples, rng(0)))


def test_every_data_set_is_trained_on_and_tested_on(frame):
    attacks = {"one": ["", "vocos"], "other": ["", "codec"]}
    frames = {name: frame[frame["attack"].isin(kinds)] for name, kinds in attacks.items()}
    frames["tests only"] = frames["one"][frames["one"]["split"] == "test"]
    rows = matrix(MODEL, frames, repeats=20)
    assert list(dict.fromkeys(rows["trained"])) == ["one", "other"]
    assert list(dict.fromkeys(rows["tested"])) == ["one", "other", "tests only"]
    same = row(rows, trained="one", tested="one")
    assert same.value == row(rows, trained="one", tested="tests only").value
    assert same.low <= same.value <= same.high
    with pytest.raises(DataError, match="0 of 1 data sets have both classes"):
        matrix(MODEL, {"tests only": frames["tests only"]})


def test_each_attack_stands_beside_all_real_speech(frame):
    frames = by_attack(frame)
    real = frame[frame["label"] == "bonafide"]
    assert set(frames) == set(frame["attack"]) - {""}
    for attack, part in frames.items():
        assert part[part["label"] == "bonafide"].equals(real)
        assert set(part["attack"]) == {"", attack}
    with pytest.raises(DataError, match="no fake among them"):
        by_attack(real)


def test_an_attack_left_out_is_judged_on_the_same_clips(frame, tmp_path):
    rows = leave_one_out(MODEL, frame, repeats=20, folder=tmp_path)
    test = frame[frame["split"] == "test"]
    assert rows["attack"].tolist() == ["codec", "vocos"]
    for found in rows.itertuples():
        assert found.spoof == (test["attack"] == found.attack).sum()
        assert found.difference == pytest.approx(found.value - found.seen)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["all", "without-codec", "without-vocos"]
    from detect.use.detector import Detector

    without = Detector.load(tmp_path / "without-vocos" / "seed-0")
    assert "vocos" not in without.training["attacks"]
    again = leave_one_out(MODEL, frame, repeats=20, folder=tmp_path)
    assert again.equals(rows)


def test_one_attack_cannot_be_left_out(frame):
    with pytest.raises(DataError, match="at least two"):
        leave_one_out(MODEL, frame[frame["attack"].isin(["", "vocos"])])
