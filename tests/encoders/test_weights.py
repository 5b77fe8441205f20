import json
import sys
import types
from pathlib import Path

import pytest

from encoders import weights
from encoders.weights import find
from experiment.errors import DataError

FOLDER = Path(__file__).parents[1] / "known_answers" / "encoders" / "wav2vec2_post"


@pytest.fixture
def hub(monkeypatch):
    """A hub that serves one repository and notes what it is asked for."""
    asked = {}

    def snapshot_download(**options):
        asked.update(options)
        return str(FOLDER)

    module = types.ModuleType("huggingface_hub")
    module.list_repo_files = lambda **options: ["config.json", "model.safetensors", "tf_model.h5"]
    module.snapshot_download = snapshot_download
    monkeypatch.setitem(sys.modules, "huggingface_hub", module)
    return asked


def test_the_hub_serves_configuration_and_safe_weights(hub):
    found = find("wav2vec2", "hf://someone/model@main")
    assert found.folder == FOLDER and found.source == "hf://someone/model@main"
    assert (hub["repo_id"], hub["revision"]) == ("someone/model", "main")
    assert "model.safetensors" in hub["allow_patterns"]
    assert "tf_model.h5" not in hub["allow_patterns"]


def test_what_the_hub_does_not_serve_is_told_in_one_sentence(hub):
    def refuse(**options):
        raise OSError("401\nlong story")

    sys.modules["huggingface_hub"].list_repo_files = refuse
    with pytest.raises(DataError, match=r"hf://a/b: the hub did not serve it \(401\)"):
        find("wavlm", "hf://a/b")


def test_weights_in_several_files_are_read_together(tmp_path):
    (tmp_path / weights.CONFIG).write_text((FOLDER / weights.CONFIG).read_text())
    names = ["model-1.safetensors", "model-2.safetensors"]
    for name in names:
        (tmp_path / name).write_bytes((FOLDER / "model.safetensors").read_bytes())
    weight_map = dict(zip("ab", names, strict=True))
    (tmp_path / weights.INDEX).write_text(json.dumps({"weight_map": weight_map}))
    found = find("wav2vec2", tmp_path)
    assert [path.name for path in found.weights] == names
    assert {path.name for path in found.paths} == {weights.CONFIG, weights.INDEX, *names}
    assert found.tensors("wav2vec2").keys() == find("wav2vec2", FOLDER).tensors("wav2vec2").keys()


def test_the_digest_names_the_weights_not_the_place(tmp_path):
    for path in find("hubert", FOLDER).paths:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert find("hubert", tmp_path).digest == find("hubert", FOLDER).digest
    content = bytearray((tmp_path / "model.safetensors").read_bytes())
    content[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(content)
    assert find("hubert", tmp_path).digest != find("hubert", FOLDER).digest
