"""The command: score files, and a detector that scores a manifest first."""

import json

import pandas as pd
import pytest

from audio.manifest import save
from fake_audio.commands import call


@pytest.fixture(scope="module")
def manifest(corpus, tmp_path_factory):
    test = corpus[(corpus["split"] == "test") & corpus["attack"].isin(("", "vocos"))]
    few = test.groupby("label").head(20).reset_index(drop=True)
    path = tmp_path_factory.mktemp("data") / "m.csv"
    save(few, path)
    return path, few


def test_a_detector_scores_and_is_judged(manifest, tmp_path, capsys):
    path, few = manifest
    words = ["--detector", "starter", "--data", path, "--repeats", "20", "--json"]
    assert call("evaluate", [*words, "--write", tmp_path / "s.tsv", "--no-audit"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["kind"] for row in found["rows"]} >= {"all", "attack"}
    assert "outside" in {row["kind"] for row in found["world"]}
    scores = pd.read_csv(tmp_path / "s.tsv", sep="\t")
    assert sorted(scores["filename"]) == sorted(few["name"])
    assert call("evaluate", [tmp_path / "s.tsv", path, "--no-audit", "--repeats", "20"]) == 0
    text = capsys.readouterr().out
    assert "eer (%)" in text and "columns, by its header" in text


def test_verdicts_of_detect_are_a_score_file(manifest, tmp_path, capsys):
    path, few = manifest
    assert call("detect", [*few["path"], "--model", "starter", "--csv"]) == 0
    (tmp_path / "v.csv").write_text(capsys.readouterr().out)
    assert call("evaluate", [tmp_path / "v.csv", path, "--no-audit", "--repeats", "20"]) == 0
    assert "as in the world" in capsys.readouterr().out


def test_what_does_not_go_together_is_said(manifest, capsys):
    path, _ = manifest
    assert call("evaluate", []) == 2
    assert call("evaluate", [path, "--detector", "starter", "--data", path]) == 2
    assert call("evaluate", ["--detector", "starter"]) == 2
    assert call("evaluate", [path, "--scale", "percent"]) == 2
    assert call("evaluate", ["--detector", "starter", "--data", path, "--split", "dev"]) == 2
    assert "there are test" in capsys.readouterr().err
