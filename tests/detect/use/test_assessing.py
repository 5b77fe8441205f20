import json

import numpy as np
import pandas as pd
import pytest

from audio.manifest import save
from detect.evaluation.score_files import write_scores
from detect.use.assessing import assess
from fake_audio.commands import call
from tests.detect.evaluation.test_intervals import make_scores


def same(a, b):
    pd.testing.assert_frame_equal(a.rows, b.rows)
    pd.testing.assert_frame_equal(a.world, b.world)


def test_a_file_with_its_key_and_a_frame_are_judged_alike(tmp_path):
    scores = make_scores(speakers=6).assign(threshold=0.0)
    write_scores(tmp_path / "s.tsv", scores, "asvspoof5")
    key = scores[["name", "label"]].set_axis(["filename", "cm-label"], axis=1)
    key.to_csv(tmp_path / "key.tsv", sep="\t", index=False)
    found = assess(tmp_path / "s.tsv", tmp_path / "key.tsv", repeats=20)
    auc = found.rows.query("kind == 'all' and metric == 'auc'")["value"].item()
    real = (scores["label"] == "bonafide").to_numpy()
    values = scores["score"].to_numpy()
    wanted = np.mean(values[real][:, None] > values[~real][None])
    assert auc == pytest.approx(wanted, abs=1e-3)
    assert found.localisation is None and found.shortcuts is None
    assert found.notes[0].startswith(f"{tmp_path / 's.tsv'}: ")


def test_scales_thresholds_and_a_verifier_are_taken(tmp_path):
    scores = make_scores(speakers=6)
    plain = assess(scores, threshold=0.5, repeats=20)
    turned = assess(
        scores.assign(score=-scores["score"]), threshold=0.5, scale="reversed", repeats=20
    )
    same(plain, turned)
    draw = np.random.default_rng(0)
    kinds = {"target": 2.0, "nontarget": -2.0, "spoof": 1.0}
    verifier = {name: draw.normal(mean, 1, 50) for name, mean in kinds.items()}
    assert "min t-DCF (2019)" in assess(scores, asv=verifier, repeats=20).tandem


def test_a_detector_is_judged_on_a_manifest(corpus):
    pytest.importorskip("keras")
    test = corpus[corpus["split"] == "test"]
    part = test.groupby("label").head(15).reset_index(drop=True)
    found = assess("vocoded_small", part, audit=False, repeats=20)
    assert {"outside"} <= set(found.world["kind"])
    assert found.localisation is None


def test_parts_are_judged_on_the_clips_that_can_be_read_as_the_command_does(
    corpus, tmp_path, capsys
):
    pytest.importorskip("keras")
    test = corpus[corpus["split"] == "test"].groupby("label").head(4).reset_index(drop=True)
    halves = [f"0-{s / 2:.3f}-bonafide/{s / 2:.3f}-{s:.3f}-spoof" for s in test["duration"]]
    test["segments"] = np.where(test["label"] == "spoof", halves, "")
    lost = test.index[test["label"] == "spoof"][0]
    test.loc[lost, "path"] = str(tmp_path / "lost.wav")
    found = assess("framewise", test, audit=False, repeats=20)
    assert found.localisation["true"] == 3
    assert found.notes[0] == "7 clips scored, 1 could not be"
    save(test, tmp_path / "m.parquet")
    words = ["--detector", "framewise", "--data", tmp_path / "m.parquet", "--repeats", 20]
    assert call("evaluate", [*words, "--no-audit", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["localisation"] == pytest.approx(found.localisation)
    assert told["notes"] == list(found.notes)
