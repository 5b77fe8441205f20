import pandas as pd
import pytest

from detect.evaluation.score_files import read_scores
from detect.use.detector import Detector
from study.detectors import CONDITIONS, folder_of, train_all
from tests.study.conftest import FIRST, SECOND


@pytest.fixture(scope="module")
def run(shared_run):
    return shared_run


@pytest.fixture(scope="module")
def trained(manifest, settings, run):
    return train_all(settings, manifest, run)


def test_each_detector_is_trained_under_both_conditions(trained, run, settings):
    keys = [(fact["model"], fact["condition"], fact["seed"]) for fact in trained]
    assert keys == [
        ("mfcc_svm", side, seed) for seed in range(settings.seeds) for side in CONDITIONS
    ]
    for fact, key in zip(trained, keys, strict=True):
        detector = Detector.load(folder_of(run, *key))
        assert detector.digest == fact["digest"] and 0 <= fact["dev_eer"] <= 1
        assert (FIRST in detector.training["attacks"]) == (key[1] == "augmented")
        assert SECOND not in detector.training["attacks"]
        assert detector.front_end.seconds == 1


def test_both_conditions_share_the_dev_clips(trained, run):
    clips = [
        Detector.load(folder_of(run, "mfcc_svm", side, 0)).training["clips"] for side in CONDITIONS
    ]
    assert clips[0]["dev"] == clips[1]["dev"] and clips[0]["train"] < clips[1]["train"]


def test_dev_and_test_are_scored_and_written_for_the_official_scorer(trained, run, manifest):
    held_out = manifest[manifest["split"] != "train"]
    table = pd.read_csv(run.path("scores.tsv"), sep="\t")
    for (model, side, seed), part in table.groupby(["model", "condition", "seed"]):
        assert part["name"].tolist() == held_out["name"].tolist()
        assert part["threshold"].nunique() == 1
        official = read_scores(run.path("scores", f"{model}-{side}-{seed}.tsv"))
        assert official["score"].tolist() == pytest.approx(part["score"].tolist(), rel=1e-6)


def test_a_training_that_is_there_is_not_made_again(trained, manifest, settings, run, monkeypatch):
    monkeypatch.setattr("detect.training.trainer._fit", None)
    assert train_all(settings, manifest, run) == trained
