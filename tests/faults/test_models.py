"""Model folders from anywhere: damaged, mixed up, absurd or hostile ones get one sentence."""

import json
import zipfile

import numpy as np
import pytest

from detect.use.detector import NETWORK, SETTINGS, Detector
from detect.use.domain import FILE
from experiment import npz
from experiment.errors import DataError
from experiment.files import file_digest
from gan import checkpoint


@pytest.fixture
def folder(starter, tmp_path):
    starter.save(tmp_path)
    return tmp_path


def refused(folder, words):
    with pytest.raises(DataError, match=words) as found:
        Detector.load(folder)
    assert len(str(found.value)) < 600 and "\n" not in str(found.value)


def change(folder, **values):
    settings = json.loads((folder / SETTINGS).read_text())
    for name, value in values.items():
        inner = settings
        *path, last = name.split("__")
        for part in path:
            inner = inner[part]
        inner[last] = value
    (folder / SETTINGS).write_text(json.dumps(settings))


def test_what_was_saved_loads(folder, starter):
    assert Detector.load(folder).digest == starter.digest


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"threshold": float("nan")}, "threshold is nan, not a finite number"),
        ({"threshold": "0"}, "threshold is '0'"),
        ({"calibration__scale": -1.0}, "scale is -1.0; it must be positive"),
        ({"calibration__scale": float("inf")}, "scale is inf"),
        ({"calibration__scale": 0}, "scale is 0"),
        ({"calibration__offset": None}, "offset is None"),
        ({"calibration__slope": 1}, "damaged"),
        ({"threshold": 0.5}, "do not belong together"),
        ({"calibration__offset": 9.0}, "do not belong together"),
        ({"digest": "0" * 16}, "do not belong together"),
        ({"model": 7}, "no model"),
        ({"front_end": []}, "no front_end"),
        ({"training": 3}, "training is no object"),
        ({"front_end__seconds": 1e9}, "seconds"),
        ({"front_end__seconds": float("nan")}, "seconds"),
        ({"front_end__seconds": "2"}, "front end|damaged"),
        ({"front_end__hop": 0}, "front end|damaged"),
        ({"front_end__hop": -5}, "front end|damaged"),
        ({"front_end__bands": 10**9}, "bands of the front end"),
        ({"front_end__name": "mel of doom"}, "damaged"),
        ({"front_end__seconds": 1.0}, "the network takes"),
    ],
)
def test_settings_that_cannot_be_meant(values, words, folder):
    change(folder, **values)
    refused(folder, words)


@pytest.mark.parametrize("text", ["[]", "null", "", "{", '{"a": ' * 100_000, "\ufeff{}", "7"])
def test_settings_that_are_no_settings(text, folder):
    (folder / SETTINGS).write_text(text)
    refused(folder, "damaged|no model")


def replace_network(folder, network):
    network.save(folder / NETWORK)
    change(folder, network=file_digest(folder / NETWORK))


def test_weights_that_are_not_finite_or_of_another_network(folder, starter):
    import keras

    network = keras.models.clone_model(starter.network)
    replace_network(folder, network)
    refused(folder, "do not belong together")
    weights = [np.full_like(w, np.nan) for w in starter.network.get_weights()]
    network.set_weights(weights)
    replace_network(folder, network)
    refused(folder, "numbers are not finite")


def test_a_network_without_layers_or_with_two_answers(folder, starter):
    import keras

    replace_network(folder, keras.Sequential([]))
    refused(folder, "damaged")
    x = keras.Input(starter.front_end.shape)
    replace_network(folder, keras.Model(x, keras.layers.Dense(2)(keras.layers.Flatten()(x))))
    refused(folder, "gives")


def test_a_network_of_code_runs_none(folder, starter, tmp_path):
    import keras

    x = keras.Input(starter.front_end.shape)
    y = keras.layers.Lambda(lambda v: v[:, :1, 0, 0])(x)
    replace_network(folder, keras.Model(x, y))
    refused(folder, "damaged")


def test_an_archive_that_unpacks_to_gigabytes_is_not_unpacked(folder):
    with zipfile.ZipFile(folder / NETWORK, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.weights.h5", bytes(200 << 20))
    change(folder, network=file_digest(folder / NETWORK))
    refused(folder, "unpacks to 0.2 GB")


def flips(content, count=40):
    """Yield copies of some bytes that are cut, or have a byte changed."""
    draw = np.random.default_rng(0)
    for place in draw.integers(0, len(content), count):
        yield content[:place]
        changed = bytearray(content)
        changed[place] ^= 0xFF
        yield bytes(changed)


def test_a_domain_with_any_byte_wrong_loads_the_same_or_not_at_all(folder, starter):
    from detect.use.domain import Domain

    for content in flips((folder / FILE).read_bytes()):
        (folder / FILE).write_bytes(content)
        try:
            found = Domain.load(folder)
        except DataError as error:
            assert len(str(error)) < 600
            continue
        assert np.array_equal(found.whiten, starter.domain.whiten)


@pytest.mark.parametrize(
    "arrays",
    [
        {"mean": np.zeros(3), "whiten": np.eye(4), "level": 1.0},
        {"mean": np.full(3, np.nan), "whiten": np.eye(3), "level": 1.0},
        {"mean": np.zeros(3), "whiten": np.eye(3), "level": np.inf},
        {"mean": np.zeros(3), "whiten": np.eye(3), "level": -1.0},
        {"mean": np.zeros(3), "whiten": np.eye(3), "level": np.array([1, 2])},
        {"mean": np.array(["a"]), "whiten": np.eye(1), "level": 1.0},
        {"mean": np.zeros(3)},
    ],
)
def test_a_domain_that_cannot_be_meant(arrays, folder):
    np.savez(folder / FILE, **arrays)
    refused(folder, "damaged|not finite")


def test_a_checkpoint_with_any_byte_wrong_loads_the_same_or_not_at_all(tmp_path):
    path, array = tmp_path / "checkpoint.npz", np.arange(1000, dtype=np.float32)
    checkpoint.save(path, [array], {"step": 4})
    for content in flips(path.read_bytes()):
        path.write_bytes(content)
        try:
            [found], note = checkpoint.load(path)
        except DataError as error:
            assert "\n" not in str(error)
            continue
        assert np.array_equal(found, array) and note == {"step": 4}


def test_an_archive_of_a_version_that_nobody_knows_is_one_sentence(tmp_path):
    path = tmp_path / "c.npz"
    checkpoint.save(path, [np.zeros(3)], {})
    content = bytearray(path.read_bytes())
    content[content.rfind(b"PK\x01\x02") + 6] = 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match="damaged"):
        checkpoint.load(path)


def test_arrays_with_objects_are_not_read(tmp_path):
    np.savez(tmp_path / "x.npz", a=np.array([print], dtype=object))
    with pytest.raises(DataError, match="damaged"):
        npz.read(tmp_path / "x.npz")
    np.save(tmp_path / "y.npz.npy", np.zeros(3))
    with pytest.raises(DataError, match="damaged"):
        npz.read(tmp_path / "y.npz.npy")
