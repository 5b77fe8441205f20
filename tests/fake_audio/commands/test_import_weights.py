"""From the file of others to verdicts: import, calibrate, judge."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from audio.manifest import save
from demo import cards, models, verdicts
from demo.settings import Settings
from demo.uploads import read_bytes
from detect.evaluation.score_files import read_scores
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


def bring(checkpoint, folder):
    """Import the checkpoint into a folder."""
    words = ["--model", "rawnet2", "--options", json.dumps(OPTIONS), "--out", folder]
    words += ["--front-end-options", json.dumps(SECONDS)]
    assert run("import-weights", checkpoint, *words) == 0
    return folder


@pytest.fixture
def imported(checkpoint, tmp_path, capsys):
    folder = bring(checkpoint, tmp_path / "d")
    assert "uncalibrated" in capsys.readouterr().out
    return folder


@pytest.fixture(scope="module")
def manifest(corpus, tmp_path_factory):
    """Manifest of the corpus."""
    path = tmp_path_factory.mktemp("data") / "m.parquet"
    save(corpus, path)
    return path


@pytest.fixture(scope="module")
def calibrated(checkpoint, manifest, tmp_path_factory):
    """Folder of the imported detector, calibrated, with a domain."""
    folder = bring(checkpoint, tmp_path_factory.mktemp("runs") / "d")
    assert run("calibrate", manifest, "--model", folder, "--domain", "train") == 0
    return folder


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


def test_a_calibrated_import_is_evaluated(calibrated, corpus, manifest, tmp_path, capsys):
    test = corpus[corpus["split"] == "test"]
    words = ["--detector", calibrated, "--data", manifest, "--split", "test", "--repeats", 10]
    words += ["--write", tmp_path / "s.tsv", "--no-audit", "--json"]
    assert run("evaluate", *words) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    [auc] = [row["value"] for row in rows if (row["kind"], row["metric"]) == ("all", "auc")]
    scores = read_scores(tmp_path / "s.tsv").set_index("name")["score"]
    bonafide = test.set_index("name")["label"][scores.index] == "bonafide"
    assert len(scores) == len(test)
    assert auc == pytest.approx(roc_auc_score(bonafide, scores), abs=1e-6)
    detector = Detector.load(calibrated)
    for row in test.head(3).itertuples():
        assert scores[row.name] == pytest.approx(judge(row.path, detector)["llr"], abs=1e-4)


def test_a_calibrated_import_is_explained(calibrated, speech_folder, tmp_path, capsys):
    [first, *_] = sorted(speech_folder.iterdir())
    words = [first, "--model", calibrated, "--method", "[saliency]", "--out", tmp_path]
    assert run("explain", *words) == 0
    page = Path(capsys.readouterr().out.strip())
    assert page.parent == tmp_path and "saliency" in page.read_text()


def test_a_calibrated_import_is_exported(calibrated, tmp_path, capsys):
    words = ["--model", calibrated, "--formats", "[tflite]", "--corpus", "tiny", "--clips", 10]
    assert run("export", *words, "--out", tmp_path, "--json") == 0
    [row] = json.loads(capsys.readouterr().out)["rows"]
    assert row["clips"] == 10 and row["error_max"] < 1e-3 and row["flipped"] == 0


def test_the_pages_judge_by_a_calibrated_import(calibrated, speech_folder, speech):
    page = Settings(models=str(calibrated.parent), runs="nowhere")
    offered = models.detectors(page)
    detector = models.detector(offered["d"])
    [first, *_] = sorted(speech_folder.iterdir())
    clip = read_bytes(first.name, first.read_bytes(), page)
    opinion = verdicts.judge("d", detector, clip)
    own = Detector.load(calibrated)
    assert opinion.threshold == own.threshold
    assert opinion.found["llr"] == pytest.approx(judge(first, own)["llr"], abs=1e-4)
    assert "d" in cards.verdict(opinion)


def test_what_cannot_be_done_is_said_in_a_sentence(checkpoint, imported, corpus, tmp_path, capsys):
    save(corpus, tmp_path / "m.parquet")
    data = [tmp_path / "m.parquet", "--model", imported]
    assert run("calibrate", *data, "--split", "validation") == 3
    assert "no clips in the split 'validation'; it has:" in capsys.readouterr().err
    assert run("import-weights", checkpoint, "--model", "aasist", "--out", tmp_path / "x") == 3
    assert "no tensor" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
    assert run("import-weights", checkpoint, "--model", "asist", "--out", tmp_path / "x") == 2
