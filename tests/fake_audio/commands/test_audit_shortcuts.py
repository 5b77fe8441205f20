import json

import pandas as pd
import pytest

from audio.manifest import save
from detect.evaluation.score_files import write_scores
from experiment.seeds import rng
from fake_audio.commands import call

FEW = ("--most", 8, "--repeats", 20)


def run(command, *argv):
    return call(command, argv)


@pytest.fixture(scope="module")
def files(corpus, tmp_path_factory):
    """A manifest of the copies, and scores of a fair detector of them."""
    folder = tmp_path_factory.mktemp("audited")
    frame = corpus[corpus["attack"].isin({"", "vocos"})]
    save(frame, folder / "manifest.parquet")
    score = rng(0).normal((frame["label"] == "bonafide") * 2.0)
    write_scores(folder / "scores.txt", frame.assign(score=score), "asvspoof2021")
    return folder


def test_an_audit_prints_a_table_and_writes_list_and_picture(files, tmp_path, capsys):
    csv, picture = tmp_path / "mistrust.csv", tmp_path / "audit.png"
    assert run("audit-shortcuts", files, *FEW, "--csv", csv, "--plot", picture) == 0
    shown = capsys.readouterr().out
    assert "bandwidth" in shown and "clips to mistrust" in shown
    assert picture.stat().st_size > 1000
    assert list(pd.read_csv(csv)) == [
        *("name", "path", "label", "attack", "speaker", "probability", "strongest")
    ]  # fmt: skip


def test_scores_add_what_could_be_explained(files, capsys):
    code = run("audit-shortcuts", files, *FEW, "--scores", files / "scores.txt", "--json")
    assert code == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["features"] for row in found["rows"]} >= {"level", "codec", "format", "all"}
    quantities = {row["quantity"]: row["value"] for row in found["explained"]}
    assert quantities["detector"] > 0.8
    assert set(quantities) == {"trivial", "detector", "within", "explained"}


def test_every_evaluation_carries_the_audit(files, capsys):
    argv = (files / "scores.txt", files / "manifest.parquet", *FEW)
    assert run("evaluate", *argv, "--by", "language") == 0
    shown = capsys.readouterr().out
    assert "within" in shown and "explained" in shown
    assert "language" in shown
    assert run("evaluate", *argv, "--audit", "false", "--json") == 0
    assert json.loads(capsys.readouterr().out)["shortcuts"] is None
    assert run("evaluate", *argv, "--by", "weather") == 2
