import io
import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from audio.clip import write_wav
from detect import MODELS
from detect.evaluation.score_files import write_scores
from detect.training.optimise import initialised
from detect.use.detector import Detector
from detect.use.verdict import meaning
from fake_audio.commands import call
from tests.detect.evaluation.test_intervals import make_scores


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    entry = MODELS["cnn"]
    with initialised(0):
        network = entry.build(entry.front_end.shape, width=2)
    folder = tmp_path_factory.mktemp("detector")
    Detector("cnn", entry.front_end, network, threshold=0.1).save(folder)
    return str(folder)


def run(command, *argv):
    return call(command, argv)


def test_a_folder_and_a_file_are_judged(model, speech_folder, capsys):
    first = sorted(speech_folder.glob("*.wav"))[0]
    assert run("detect", first, speech_folder, "--model", model, "--json", "true") == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["results"]) == 1 + len(list(speech_folder.glob("*.wav")))
    for result in found["results"]:
        assert result["verdict"] == ("bona fide" if result["llr"] >= 0.1 else "spoof")
        assert result["threshold"] == 0.1
    assert found["rejects"] == []


def test_a_file_that_is_no_sound_does_not_stop_the_others(model, speech_folder, tmp_path, capsys):
    bad, good = tmp_path / "page.wav", sorted(speech_folder.glob("*.wav"))[0]
    bad.write_text("<html>")
    assert run("detect", bad, good, "--model", model) == 0
    shown = capsys.readouterr()
    assert "not audio" in shown.err
    assert shown.out.startswith(str(good)) and "LLR" in shown.out
    assert run("detect", bad, "--model", model) == 3


def test_verdicts_as_a_table(model, speech_folder, capsys):
    assert run("detect", speech_folder, "--model", model, "--csv") == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert list(table.columns[:3]) == ["file", "verdict", "llr"]
    assert len(table) == len(list(speech_folder.glob("*.wav")))
    assert run("detect", speech_folder, "--model", model, "--csv", "--json") == 2


def test_a_long_recording_leaves_a_timeline(model, speech, tmp_path, capsys):
    long = np.concatenate([clip.samples for clip in speech[:5]])
    write_wav(tmp_path / "long.wav", long)
    out = tmp_path / "out"
    assert run("detect", tmp_path / "long.wav", "--model", model, "--out", out, "--json") == 0
    [result] = json.loads(capsys.readouterr().out)["results"]
    [table], [picture] = out.glob("*.csv"), out.glob("*.png")
    assert len(pd.read_csv(table)) == len(result["timeline"]) > 3
    assert picture.stat().st_size > 1000


def test_sound_on_standard_input_is_judged_as_it_arrives(model, speech, capsys, monkeypatch):
    sound = np.concatenate([clip.samples for clip in speech[:3]])
    data = (sound * 32767).astype("<i2").tobytes()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    assert run("detect", "-", "--model", model, "--json") == 0
    shown = capsys.readouterr()
    windows = [json.loads(line) for line in shown.out.splitlines()]
    assert len(windows) == int((len(sound) / 16000 - 2) / 1 + 1)
    assert {window["verdict"] for window in windows} <= {"bona fide", "spoof", "cannot judge"}
    assert "latency p50" in shown.err and "real-time factor" in shown.err


def test_live_sound_stands_alone(model, speech_folder, capsys):
    assert run("detect", "-", speech_folder, "--model", model) == 2
    assert "- stands alone" in capsys.readouterr().err


def test_what_lies_outside_is_said(tmp_path, capsys):
    tone = 0.1 * np.sin(2 * np.pi * 3000 * np.arange(64000) / 16000)
    write_wav(tmp_path / "tone.wav", tone)
    assert run("detect", tmp_path / "tone.wav") == 0
    assert "OUTSIDE what the detector was trained on" in capsys.readouterr().out


def test_a_folder_without_a_detector_is_an_error_of_data(tmp_path, capsys):
    assert run("detect", "x.wav", "--model", tmp_path) == 3
    assert "detector.json: no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (0.0, "1 times as likely from bona fide"),
        (3.4, "30 times as likely from bona fide as from fake"),
        (-2.0, "7.39 times as likely from fake as from bona fide"),
        (-900.0, "over 1000 times as likely from fake"),
    ],
)
def test_a_ratio_in_words(score, words):
    assert meaning(score).startswith(words)


@pytest.fixture
def files(tmp_path):
    scores = make_scores(split="eval")
    write_scores(tmp_path / "scores.txt", scores)
    lines = [
        f"{row.speaker} {row.name} - {row.attack or '-'} {row.label}" for row in scores.itertuples()
    ]
    (tmp_path / "protocol.txt").write_text("\n".join(lines))
    return tmp_path / "scores.txt", tmp_path / "protocol.txt"


def test_a_score_file_is_evaluated(files, tmp_path, capsys):
    assert run("evaluate", *files, "--repeats", 20, "--figures", tmp_path / "figures") == 0
    text = capsys.readouterr().out
    assert "copy1" in text and "20 draws, seed 0" in text
    drawn = {path.stem.split("-")[-1] for path in (tmp_path / "figures").glob("*.png")}
    assert drawn == {"roc", "det", "precision", "histogram", "reliability"}
    assert run("evaluate", *files, "--repeats", 20, "--json", "true") == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert {row["group"] for row in rows} == {"all", "copy1", "copy2", "copy3", "engine"}


def test_a_missing_score_is_an_error_of_data(files, capsys):
    lines = files[0].read_text().splitlines()
    files[0].write_text("\n".join(lines[1:]))
    assert run("evaluate", *files) == 3
    assert "have no score" in capsys.readouterr().err
