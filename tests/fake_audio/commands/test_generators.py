import pandas as pd
import pytest

from fake_audio.commands import call

SMALL = "--dim=2 --batch=4 --critic_steps=1 --steps=2 --check_every=1 --score_clips=8"


@pytest.fixture(scope="module")
def run(speech_folder, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("command") / "run")
    flags = [*SMALL.split(), "--data", str(speech_folder), "--out", folder]
    flags += ["--held_out", str(speech_folder), "--embedding", "logmel"]
    assert call("train-gan", flags) == 0
    return folder


def test_training_scores_by_the_distance_to_held_out_clips(run):
    scores = pd.read_csv(f"{run}/checks.csv").score
    assert len(scores) == 2 and (scores > 0).all()


def test_generating_writes_clips_manifest_sheet_and_page(run, tmp_path, capsys):
    flags = [run, "-n", "3", "--seed", "7", "--out", str(tmp_path), "--interpolate", "4"]
    assert call("generate", flags) == 0
    assert capsys.readouterr().out.strip() == f"{tmp_path}/manifest.parquet"
    assert len(list((tmp_path / "clips").glob("*.wav"))) == 3
    assert (tmp_path / "sheet.png").read_bytes()[:4] == b"\x89PNG"
    page = (tmp_path / "index.html").read_text()
    assert page.count("<audio") == 3 + 4
    assert "http" not in page


@pytest.mark.parametrize(
    "flags, code",
    [
        (["--out", "x", "--data", "/no/such/folder"], 3),
        (["--out", "x", "--data", "y", "--distribute", "cloud"], 2),
        (["--out", "x", "--data", "y", "--distribute", "workers", "--seconds", "5"], 2),
        (["--out", "x", "--data", "y", "--loss", "hinge"], 2),
    ],
)
def test_exit_codes(flags, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        found = call("train-gan", flags)
    except SystemExit as error:
        found = error.code
    assert found == code


def test_generating_without_a_model_says_what_to_do(tmp_path, capsys):
    flags = [str(tmp_path), "--out", str(tmp_path / "out")]
    assert call("generate", flags) == 3
    assert "fake-audio train-gan" in capsys.readouterr().err


def test_an_inversion_needs_spectrograms(run, tmp_path, capsys):
    assert call("generate", [run, "--inversion", "vocos", "--out", str(tmp_path)]) == 2
    assert "wavegan makes audio" in capsys.readouterr().err
