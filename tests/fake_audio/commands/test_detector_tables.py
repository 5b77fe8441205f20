import json

import pytest

from audio.manifest import few, save
from fake_audio.commands import call


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setattr("experiment.arrays.cache_folder", lambda *parts: folder)
        yield


@pytest.fixture(scope="module")
def manifest(corpus, tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "manifest.parquet"
    save(few(corpus, 8), path)
    return path


@pytest.fixture(scope="module")
def trained(manifest, tmp_path_factory):
    """Folder of a detector from the command line."""
    out = tmp_path_factory.mktemp("runs")
    argv = ["--data", manifest, "--model", "mfcc_svm", "--out", out, "--repeats", 20]
    assert run("train-detector", *argv, "--seeds", 2) == 0
    return out


def run(command, *argv):
    return call(command, argv)


def test_a_detector_is_trained_once_a_seed_and_gone_on_with(manifest, trained, capsys):
    assert sorted(path.name for path in trained.iterdir()) == ["mfcc_svm-0", "mfcc_svm-1"]
    argv = ["--data", manifest, "--model", "mfcc_svm", "--out", trained, "--repeats", 20]
    assert run("train-detector", *argv, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["split"] for row in found["rows"]} == {"dev", "test"}


def test_a_network_leaves_its_learning_curves_and_takes_augmentations(manifest, tmp_path, capsys):
    argv = ["--data", manifest, "--out", tmp_path, "--repeats", 20, "--epochs", 1]
    argv += ["--augment", "level,specaugment", "--copies", 1, "--balance", "sampling"]
    assert run("train-detector", *argv, "--seconds", 1.0) == 0
    assert (tmp_path / "cnn-0" / "curves.png").stat().st_size > 1000
    settings = json.loads((tmp_path / "cnn-0" / "detector.json").read_text())["training"]["config"]
    assert settings["augment"] == {"level": {}, "specaugment": {}}
    assert "dev chose the epoch" in capsys.readouterr().out
    assert run("train-detector", *argv, "--augment", "echo") == 2


def test_front_end_and_options_of_the_builder_are_the_users(manifest, tmp_path, capsys):
    argv = ["--data", manifest, "--out", tmp_path, "--repeats", 20, "--epochs", 1]
    argv += ["--front_end", "lfcc", "--options", '{"width": 4}']
    assert run("train-detector", *argv) == 0
    saved = json.loads((tmp_path / "cnn-0" / "detector.json").read_text())
    assert saved["front_end"]["name"] == "lfcc"
    assert saved["training"]["config"]["options"] == {"width": 4}
    refused = {
        "--front_end=mel": "unknown front end 'mel'",
        "--front_end=waveform": "cnn takes a front end of the kind Picture, as logmel is one",
        "--weights=imagenet": "unknown option of cnn 'weights'",
    }
    for word, reason in refused.items():
        assert run("train-detector", *argv, word) == 2
        assert reason in capsys.readouterr().err
    other = ["--options", "{}", "--model", "mobilenet", "--weights", "lost.h5"]
    assert run("train-detector", *argv, *other) == 2
    assert '"none", "imagenet" or a file. Received: \'lost.h5\'' in capsys.readouterr().err


def test_robustness_is_a_table_with_a_picture(manifest, trained, tmp_path, capsys):
    argv = [trained / "mfcc_svm-0", "--data", manifest, "--repeats", 10, "--most", 4]
    picture, csv = tmp_path / "r.png", tmp_path / "r.csv"
    assert run("robustness", *argv, "--plot", picture, "--csv", csv) == 0
    shown = capsys.readouterr().out
    assert "telephone" in shown and "eer, less clean" in shown
    assert picture.stat().st_size > 1000 and csv.stat().st_size > 100


def test_a_matrix_of_data_sets(manifest, tmp_path, capsys):
    argv = [f"a={manifest}", f"b={manifest}", "--model", "mfcc_svm", "--repeats", 10]
    assert run("cross-data", *argv, "--out", tmp_path, "--plot", tmp_path / "m.png", "--json") == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert len(rows) == 4 and len({row["value"] for row in rows}) == 1
    assert (tmp_path / "a" / "seed-0" / "detector.json").exists()
    assert run("cross-data", str(manifest)) == 2


def test_each_attack_is_trained_on_alone(manifest, tmp_path, capsys):
    argv = ["--data", manifest, "--model", "mfcc_svm", "--repeats", 10, "--json"]
    assert run("cross-attack", *argv, "--plot", tmp_path / "m.png") == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    trained, tested = ({row[name] for row in rows} for name in ("trained", "tested"))
    assert trained == {"vocos", "codec"} and {"lpc", "hibari"} <= tested - trained
    assert {row["metric"] for row in rows} == {"auc"}
    assert (tmp_path / "m.png").stat().st_size > 1000


def test_attacks_left_out(manifest, tmp_path, capsys):
    argv = ["--data", manifest, "--model", "mfcc_svm", "--repeats", 10]
    assert run("leave-one-out", *argv, "--plot", tmp_path / "l.png") == 0
    shown = capsys.readouterr().out
    assert "without it" in shown and "codec" in shown
    assert (tmp_path / "l.png").exists()
