"""From the file of others to verdicts: import, calibrate, judge."""

import json

import numpy as np
import pytest

from audio.manifest import save
from detect.use.detector import Detector
from detect.use.judging import judge
from fake_audio.commands import call
from tests.checkpoints import tensors, write_zip
from tests.detect.models import papers

pytest.importorskip("keras")
OPTIONS = {"units": 8}
SECONDS = {"seconds": 0.4}


def run(command, *argv):
    return call(command, argv)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    state = papers.State()
    papers.rawnet2(state, np.zeros(6400), 8)
    path = tmp_path_factory.mktemp("weights") / "published.pth"
    write_zip(path, tensors(state))
    return path


@pytest.fixture
def imported(checkpoint, tmp_path, capsys):
    words = ["--model", "rawnet2", "--options", json.dumps(OPTIONS), "--out", tmp_path / "d"]
    words += ["--front-end-options", json.dumps(SECONDS)]
    assert run("import-weights", checkpoint, *words) == 0
    assert "uncalibrated" in capsys.readouterr().out
    return tmp_path / "d"


def test_an_imported_detector_is_calibrated_and_judges(
    imported, corpus, speech_folder, tmp_path, capsys
):
    plain = Detector.load(imported)
    assert plain.calibration(2.0) == 2.0 and plain.threshold == 0 and plain.domain is None
    assert not plain.calibrated
    assert plain.training["imported"]["file"] == "published.pth"
    [first, *_] = sorted(speech_folder.iterdir())
    assert "no ratio" in judge(first, plain)["meaning"]
    save(corpus, tmp_path / "m.parquet")
    words = [tmp_path / "m.parquet", "--model", imported, "--domain", "train"]
    assert run("calibrate", *words, "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    found = Detector.load(imported)
    assert found.calibration.scale == figures["scale"] > 0
    assert found.threshold == figures["threshold"]
    assert found.calibrated and found.domain is not None
    for ours, theirs in zip(found.network.weights, plain.network.weights, strict=True):
        assert np.array_equal(ours, theirs)
    assert "no ratio" not in judge(first, found)["meaning"]
    assert run("detect", speech_folder, "--model", imported, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["results"]) == len(list(speech_folder.iterdir()))


def test_what_cannot_be_done_is_said_in_a_sentence(checkpoint, imported, corpus, tmp_path, capsys):
    save(corpus, tmp_path / "m.parquet")
    data = [tmp_path / "m.parquet", "--model", imported]
    assert run("calibrate", *data, "--split", "validation") == 3
    assert "no clips in the split 'validation'; it has:" in capsys.readouterr().err
    assert run("import-weights", checkpoint, "--model", "aasist", "--out", tmp_path / "x") == 3
    assert "no tensor" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
    assert run("import-weights", checkpoint, "--model", "asist", "--out", tmp_path / "x") == 2
