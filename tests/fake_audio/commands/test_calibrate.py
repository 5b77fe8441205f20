import json

import pytest

from detect.use.detector import Detector
from detect.use.loading import load
from fake_audio.commands import call

pytest.importorskip("keras")


def test_a_folder_of_real_recordings_sets_a_threshold_with_a_guarantee(
    speech_folder, tmp_path, capsys
):
    mine = [speech_folder, "--out", tmp_path / "mine", "--alarms", 0.5, "--confidence", 0.5]
    assert call("calibrate", [*mine, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    found, shipped = Detector.load(tmp_path / "mine"), load("vocoded")
    assert found.threshold == figures["threshold"]
    assert found.calibration == shipped.calibration
    files = len(list(speech_folder.glob("*.wav")))
    assert figures["clips"] == files and 0 <= figures["drift"]["outside"] <= 1
    assert call("detect", [speech_folder, "--model", tmp_path / "mine", "--json"]) == 0
    results = json.loads(capsys.readouterr().out)["results"]
    called = sum(one["verdict"] == "spoof" for one in results)
    assert called == figures["rank"] - 1
    assert call("calibrate", mine) == 0
    assert "with confidence 50 %" in capsys.readouterr().out


def test_too_few_recordings_and_a_domain_are_refused_in_one_sentence(
    speech_folder, tmp_path, capsys
):
    mine = [speech_folder, "--out", tmp_path / "mine"]
    assert call("calibrate", [*mine, "--alarms", 0.001]) == 3
    assert "cannot promise" in capsys.readouterr().err
    assert call("calibrate", [*mine, "--domain", "train"]) == 2
    assert not (tmp_path / "mine").exists()


def test_a_prior_chooses_the_threshold_and_adds_a_probability(speech_folder, capsys):
    path = sorted(speech_folder.glob("*.wav"))[0]
    assert call("detect", [path, "--json"]) == 0
    [plain] = json.loads(capsys.readouterr().out)["results"]
    assert call("detect", [path, "--prior", 0.999999, "--json"]) == 0
    [found] = json.loads(capsys.readouterr().out)["results"]
    assert found["llr"] == plain["llr"] and plain["posterior"] is None
    assert found["posterior"] > 0.5 and found["verdict"] == "spoof"
    assert call("detect", [path, "--prior", 0.2]) == 0
    assert "% likely to be a spoof" in capsys.readouterr().out
    assert call("detect", [path, "--prior", 2]) == 2
