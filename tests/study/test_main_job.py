"""The whole main job at its smallest size, on real clips, through its command."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from audio.manifest import load, require_disjoint
from experiment.files import read_json
from study.sentences import headline

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def job(out, *arguments):
    command = [sys.executable, ROOT / "scripts" / "augment_and_detect.py"]
    command += ["--recipe", ROOT / "recipes" / "tiny.yaml", "--out", out, *arguments]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def finished(corpus, tmp_path_factory):
    out = tmp_path_factory.mktemp("main job") / "run"
    done = job(out)
    assert done.returncode == 0, done.stderr[-4000:]
    return out, done


def test_it_ends_with_a_report_and_a_headline(finished):
    out, done = finished
    assert (out / "DONE").exists()
    assert headline(out) in done.stdout
    for model in read_json(out / "config.json")["detectors"]:
        assert model in headline(out)
    assert done.stdout.strip().endswith("report.html")
    assert "[9/9]" in done.stderr


def test_the_report_is_one_offline_file_with_every_part(finished):
    page = (finished[0] / "report.html").read_text()
    for part in ("data", "generator", "fad", "detectors", "augmentation", "explanations", "limits"):
        assert f'<h2 id="{part}">' in page
    assert "http://" not in page
    assert "https://" not in page
    assert page.count("data:audio/wav;base64,") >= 8
    assert page.count("data:image/png;base64,") >= 10
    assert "nan" not in page.lower().replace("finan", "")[: page.lower().find("<h2")]


def test_every_number_has_an_interval_or_says_why_not(finished):
    table = pd.read_csv(finished[0] / "metrics.csv")
    assert {"split", "kind", "group", "metric", "value", "low", "high", "seed"} <= set(table)
    assert {"all", "seen", "unseen", "attack", "generated"} == set(table["kind"])
    assert table["value"].notna().all()
    whole = table[(table["kind"] == "all") & (table["metric"] == "auc")]
    assert whole["low"].notna().all()


def test_splits_stay_apart_with_the_fakes_added(finished):
    frame = load(finished[0] / "manifest.parquet")
    require_disjoint(frame)
    assert set(frame.loc[frame["source"] == "gan", "split"]) == {"train", "test"}


def test_only_the_augmented_detectors_saw_the_generator(finished):
    for condition, expected in (("corpus", False), ("augmented", True)):
        record = read_json(finished[0] / "detectors" / f"cnn-{condition}-0" / "detector.json")
        assert ("wavegan" in record["training"]["attacks"]) == expected


def test_distances_have_a_scale(finished):
    rows = read_json(finished[0] / "stages" / "distances.json")["result"]["rows"]
    value = {row["set"]: row["value"] for row in rows}
    assert value["real, same speakers"] < value["real + noise, 10 dB"] < value["white noise alone"]
    assert {"real", "engine", "generated", "noise"} == {row["kind"] for row in rows}


def test_an_interrupted_job_goes_on_with_what_is_left(finished):
    out, _ = finished
    refused = job(out)
    assert refused.returncode == 2
    assert "--resume" in refused.stderr
    for name in ("DONE", "report.html", "stages/report.json", "stages/evaluation.json"):
        (out / name).unlink()
    before = (out / "stages" / "detectors.json").stat().st_mtime_ns
    done = job(out, "--resume")
    assert done.returncode == 0, done.stderr[-4000:]
    assert "training detectors: done before" in done.stderr
    assert (out / "stages" / "detectors.json").stat().st_mtime_ns == before
    assert (out / "report.html").exists()


def test_another_configuration_does_not_go_on(finished):
    done = job(finished[0], "--resume", "--seeds", "3")
    assert done.returncode == 2
    assert "seeds: 2 then, 3 now" in done.stderr


def test_a_generator_that_comes_with_the_toolkit_serves_as_well(corpus, tmp_path):
    out = tmp_path / "run"
    options = {"generator": "wavegan-starter", "epochs": 1, "seeds": 1, "samples": 30}
    done = job(out, *(f"--{name}={value}" for name, value in options.items()))
    assert done.returncode == 0, done.stderr[-4000:]
    assert "which comes with the toolkit" in (out / "report.html").read_text()
    assert "wavegan-starter" in set(pd.read_csv(out / "metrics.csv")["group"])


def test_real_speech_alone_is_enough(corpus, tmp_path):
    import shutil

    real = corpus[corpus["label"] == "bonafide"]
    for row in real[real.groupby("speaker").cumcount() < 5].itertuples():
        home = tmp_path / "real" / row.speaker.replace(":", "-")
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(row.path, home)
    out = tmp_path / "run"
    options = {"generator": "vocos", "gan-steps": 2, "gan-dim": 8, "gan-batch": 2}
    options |= {"epochs": 1, "seeds": 1, "samples": 30, "fakes": 8, "test-fakes": 8}
    done = job(out, "--data", tmp_path / "real", *(f"--{k}={v}" for k, v in options.items()))
    assert done.returncode == 0, done.stderr[-4000:]
    frame = load(out / "manifest.parquet")
    require_disjoint(frame)
    assert "vocos" in set(frame["attack"])
    assert frame.groupby("split")["label"].nunique().eq(2).all()
    copies = frame[frame["label"] == "spoof"]
    assert copies["copy_of"].isin(frame.loc[frame["label"] == "bonafide", "name"]).all()
    page = (out / "report.html").read_text()
    assert "Test, clips of vocos" in page and "another generator that no training had" in page
