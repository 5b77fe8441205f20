import csv
import json
import shutil

import numpy as np
import pytest

from audio.clip import read_clip, write_wav
from fad import EMBEDDINGS
from fad.distance.measures import METRICS
from fake_audio import commands


@pytest.fixture(scope="module")
def folders(speech_folder, tmp_path_factory):
    """Real speech, other real speech, and the same with noise."""
    root = tmp_path_factory.mktemp("sets")
    rng = np.random.default_rng(0)
    for k, path in enumerate(sorted(speech_folder.glob("*.wav"))):
        name = "real" if k % 2 else "other"
        (root / name).mkdir(exist_ok=True)
        shutil.copy(path, root / name)
        if name == "other":
            samples = read_clip(path).samples
            write_wav(
                root / "noisy" / path.name, samples + 0.05 * rng.standard_normal(len(samples))
            )
    return root


@pytest.fixture
def call(folders, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("FAKE_AUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(folders)

    def run(*arguments):
        code = commands.call("fad", arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


LOGMEL = ("--embedding", "logmel", "--repeats", "100")


def test_ranks_sets_with_provenance(call, tmp_path):
    more = ("--metrics", "all", "--farthest", "2", "--csv", tmp_path / "fad.csv")
    plot = tmp_path / "fad.png"
    code, out, _ = call("real", "noisy", "other", *LOGMEL, *map(str, more), "--plot", str(plot))
    assert code == 0
    assert out.index("1     other") < out.index("2     noisy")
    for words in ("logmel (weights", "preset google", "16 clips", "infinity", "farthest", "seed 0"):
        assert words in out
    rows = list(csv.DictReader((tmp_path / "fad.csv").open()))
    assert {row["metric"] for row in rows} >= {"fad", "infinity", "kad", "precision", "coverage"}
    assert plot.read_bytes()[:4] == b"\x89PNG"


def test_json_is_one_object_and_the_cache_changes_nothing(call):
    code, out, err = call("real", "noisy", "--json", *LOGMEL)
    first = json.loads(out)
    again = json.loads(call("real", "noisy", "--json", *LOGMEL)[1])
    fresh = json.loads(call("real", "noisy", "--json", "--no-cache", *LOGMEL)[1])
    assert code == 0 and first == again == fresh
    row = first["ranking"][0]
    assert row["low"] < row["fad"] < row["high"]
    assert first["identity"]["embedding"] == "logmel"
    assert "singular" in err and first["warnings"]


def test_dropped_files_are_listed_and_counted(call, folders, tmp_path):
    shutil.copytree(folders / "noisy", tmp_path / "set")
    (tmp_path / "set" / "bad.wav").write_bytes(b"no sound")
    code, out, err = call("real", str(tmp_path / "set"), *LOGMEL)
    assert code == 0 and "bad.wav" in out and "not audio" in out and "1 clips dropped" in err


def test_a_saved_reference(call):
    assert call("real", "--save-reference", "real.npz", *LOGMEL)[0] == 0
    by_file = json.loads(call("real.npz", "other", "--json", *LOGMEL)[1])
    by_audio = json.loads(call("real", "other", "--json", *LOGMEL)[1])
    assert by_file["ranking"][0]["fad"] == pytest.approx(by_audio["ranking"][0]["fad"], rel=1e-6)
    code, _, err = call("real.npz", "other", "--preset", "torch", *LOGMEL)
    assert code == 3 and "preset google and torch" in err
    code, _, err = call("real.npz", "other", "--metrics", "kad", *LOGMEL)
    assert code == 2 and "saved statistics" in err


def test_groups_and_memorisation(call, corpus, folders):
    from audio import manifest

    manifest.save(corpus, folders / "m.parquet")
    code, out, _ = call("real", "m.parquet:label=spoof", "--by", "attack", *LOGMEL)
    assert code == 0
    for attack in corpus.attack[corpus.label == "spoof"].unique():
        assert attack in out.split("by group")[1]
    code, out, _ = call("real", "other", "--training", "other", "--json", *LOGMEL)
    found = json.loads(out)["sets"]["other"]["memorisation"]
    assert [row["embedding"] for row in found] == ["logmel_patch", "logmel"]
    assert all(row["value"] == 1 and row["p"] < 0.01 for row in found)


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        ((), 2, "REFERENCE"),
        (("real",), 2, "EVALUATED"),
        (("real", "nosuch"), 3, "nosuch"),
        (("real", "other", "other"), 2, "twice"),
        (("real", "other", "--embedding", "nosuch"), 2, "yamnet"),
        (("real", "other", "--metrics", "nosuch", "--embedding", "logmel"), 2, "prdc"),
        (("real", "other", "--preset", "nosuch"), 2, "google"),
        (("real", "other", "--embedding", "vggish_keras"), 2, "--source"),
        (("real", "other", "--by", "mood", "--embedding", "logmel"), 2, "mood"),
    ],
)
def test_wrong_arguments_get_one_sentence(call, arguments, code, words):
    found, out, err = call(*arguments)
    assert (found, out) == (code, "")
    assert words in err and "Traceback" not in err


def test_self_test_passes_offline(call):
    code, out, _ = call("--self-test")
    assert code == 0 and "False" not in out and "closed form" in out


def test_help_lists_every_embedding_and_metric(capsys):
    with pytest.raises(SystemExit):
        commands.call("fad", ["--help"])
    text = capsys.readouterr().out
    assert all(name in text for name in (*EMBEDDINGS, *METRICS))
