import numpy as np
import pytest

from audio.frontends import LogMel
from detect import MODELS
from detect.training.optimise import initialised
from detect.use import export, hub
from detect.use.detector import Detector
from detect.use.loading import load
from experiment.errors import DataError, UsageError

FRONT = LogMel(seconds=1.0, hop=512, bands=32)


def make(name, **options):
    with initialised(0):
        return MODELS[name].build(FRONT.shape, **options)


@pytest.fixture(scope="module")
def detector():
    return Detector("cnn", FRONT, make("cnn", width=4))


@pytest.fixture(scope="module")
def features(speech):
    return FRONT.batch([clip.samples for clip in speech])


@pytest.mark.parametrize("name", export.FORMATS)
def test_an_exported_network_says_the_same(name, detector, features, tmp_path):
    file, runner = export.FORMATS[name]
    export.write(detector.network, name, tmp_path / file, features)
    real = np.arange(len(features)) % 2 == 0
    found = export.compare(detector, runner(tmp_path / file), features, real)
    assert found["error_max"] < (0.05 if name == "int8" else 1e-4)
    assert found["clips"] == len(features) and found["milliseconds"] > 0
    if name != "int8":
        assert found["eer"] == pytest.approx(found["eer_own"]) and found["flipped"] == 0


def test_int8_is_smaller_than_float(detector, features, tmp_path):
    export.to_tflite(detector.network, tmp_path / "float")
    export.to_tflite(detector.network, tmp_path / "int8", features)
    sizes = [(tmp_path / name).stat().st_size for name in ("float", "int8")]
    assert sizes[1] < sizes[0]


def test_recurrent_layers_are_exported_in_float_and_refused_in_int8(features, tmp_path):
    network = make("lstm", units=8)
    export.to_tflite(network, tmp_path / "float.tflite")
    ours = network(features[:1], training=False).numpy()[:, 0]
    assert export.lite(tmp_path / "float.tflite")(features[:1]) == pytest.approx(ours, abs=1e-4)
    with pytest.raises(UsageError, match="lstm has recurrent layers"):
        export.to_tflite(network, tmp_path / "int8.tflite", features)


def test_a_missing_converter_is_one_sentence(detector, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="ONNX needs tf2onnx and onnxruntime: pip install"):
        export.to_onnx(detector.network, tmp_path / "x.onnx")


def test_a_missing_graphviz_is_one_sentence(detector, tmp_path, monkeypatch):
    monkeypatch.setattr(export.shutil, "which", lambda name: None)
    with pytest.raises(UsageError, match="needs pydot"):
        export.picture(detector.network, tmp_path / "x.png")


# ------------------------------------------------------------------ the hub


@pytest.fixture
def local_hub(tmp_path, monkeypatch):
    """A folder in place of the hub's transport; Keras and we do the rest."""
    import shutil

    import huggingface_hub

    def create_repo(self, name, **options):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        return type("Url", (), {"repo_id": name})

    def upload_folder(self, repo_id, folder_path, **options):
        shutil.copytree(folder_path, tmp_path / repo_id, dirs_exist_ok=True)

    def snapshot_download(repo_id, **options):
        if not (tmp_path / repo_id).exists():
            raise OSError("404 no such repository")
        return str(tmp_path / repo_id)

    monkeypatch.setattr(huggingface_hub.HfApi, "create_repo", create_repo)
    monkeypatch.setattr(huggingface_hub.HfApi, "upload_folder", upload_folder)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    return tmp_path


def test_a_detector_goes_to_the_hub_and_comes_back(local_hub, speech):
    starter = load("starter")
    hub.push(starter, "hf://user/name")
    again = load("hf://user/name")
    assert again.digest == starter.digest
    assert again.domain.level == starter.domain.level
    assert np.allclose(again.score(speech[:4]), starter.score(speech[:4]))


def test_parts_of_two_detectors_are_refused(local_hub, detector):
    hub.push(detector, "hf://user/name")
    with initialised(1):
        other = MODELS["cnn"].build(FRONT.shape, width=4)
    Detector("cnn", FRONT, other).save(local_hub / "user" / "name")
    with pytest.raises(DataError, match="do not belong together"):
        load("hf://user/name")


def test_what_the_hub_refuses_is_one_sentence(local_hub):
    with pytest.raises(DataError, match="did not serve it .404 no such repository"):
        load("hf://nobody/nothing")


def test_a_missing_hub_package_is_one_sentence(monkeypatch):
    monkeypatch.setattr(hub, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="needs huggingface_hub"):
        load("hf://user/name")


@pytest.mark.parametrize("name", ["hf://user", "hf://a/b/c", "hf:///x"])
def test_other_names_are_refused(name):
    with pytest.raises(UsageError, match="hf://user/name"):
        hub.pull(name)
