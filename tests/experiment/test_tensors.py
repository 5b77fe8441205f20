import os
import pickle
import zipfile

import numpy as np
import pytest

from experiment.errors import DataError
from experiment.seeds import rng
from experiment.tensors import read_tensors
from tests.checkpoints import (
    Storage,
    Tensor,
    pickled,
    tensor,
    tensors,
    write_old,
    write_safetensors,
    write_zip,
)

STATE = {
    "conv.weight": rng(0).normal(size=(3, 2, 5)).astype(np.float32),
    "bn.running_var": rng(1).uniform(size=4),
    "bn.num_batches_tracked": np.array(7),
    "mask": np.array([True, False]),
    "half": np.array([0.5, -2], np.float16),
}


def same(found, expected=STATE):
    assert list(found) == list(expected)
    for name, array in expected.items():
        assert found[name].shape == array.shape and found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


@pytest.mark.parametrize("write", [write_zip, write_old])
def test_a_checkpoint_gives_its_tensors_by_name(write, tmp_path):
    write(tmp_path / "a.pth", tensors(STATE))
    same(read_tensors(tmp_path / "a.pth"))


@pytest.mark.parametrize("key", ["state_dict", "model"])
def test_tensors_are_found_beside_other_things(key, tmp_path):
    inside = tensors({f"module.{name}": array for name, array in STATE.items()})
    write_zip(tmp_path / "a.pt", {"epoch": 3, "lr": 0.1, "names": ["a", None], key: inside})
    same(read_tensors(tmp_path / "a.pt"))
    same(read_tensors(tmp_path / "a.pt", key))
    with pytest.raises(DataError, match="'other'"):
        read_tensors(tmp_path / "a.pt", "other")


def test_views_share_a_storage(tmp_path):
    storage = Storage(np.arange(12, dtype=np.float32), "0")
    views = {
        "whole": Tensor(storage, 0, (3, 4), (4, 1)),
        "turned": Tensor(storage, 1, (2, 3), (1, 4)),
    }
    write_zip(tmp_path / "a.pth", views)
    found = read_tensors(tmp_path / "a.pth")
    whole = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert np.array_equal(found["whole"], whole)
    assert np.array_equal(found["turned"], whole[:, 1:3].T)


def test_brain_floats_come_as_floats(tmp_path):
    values = np.array([1.0, -0.15625, 3e38], np.float32)
    cut = (values.view(np.uint32) >> 16).astype(np.uint16)
    expected = (cut.astype(np.uint32) << 16).view(np.float32)
    write_zip(
        tmp_path / "a.pth", {"x": Tensor(Storage(cut, "0"), 0, (3,), (1,))}, {"0": "BFloat16"}
    )
    write_safetensors(tmp_path / "a.safetensors", {"x": cut}, {"x": "BF16"})
    for name in ("a.pth", "a.safetensors"):
        assert np.array_equal(read_tensors(tmp_path / name)["x"], expected)


def test_safetensors(tmp_path):
    state = {name: STATE[name] for name in ("conv.weight",)}
    write_safetensors(tmp_path / "a.safetensors", state)
    same(read_tensors(tmp_path / "a.safetensors"), state)


class Call:
    def __init__(self, function, *arguments):
        self.made = function, arguments

    def __reduce__(self):
        return self.made


@pytest.mark.parametrize(
    "evil, name",
    [
        (Call(os.system, "touch ran"), "system"),
        (Call(eval, "open('ran', 'w')"), "eval"),
        (np.float64(1), "numpy"),
        ({1, 2}, "set"),
    ],
)
@pytest.mark.parametrize("write", [write_zip, write_old])
def test_what_is_no_tensor_is_refused_by_name(evil, name, write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.pth", {"w": tensor(np.zeros(2, np.float32), "0"), "evil": evil})
    with pytest.raises(DataError, match=name) as caught:
        read_tensors(tmp_path / "a.pth")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "ran").exists()


def test_no_attribute_is_set_on_what_a_pickle_builds(tmp_path):
    described, _ = pickled({})
    state = b"cbuiltins\ndict\n"
    with zipfile.ZipFile(tmp_path / "a.pth", "w") as archive:
        archive.writestr("a/data.pkl", described[:2] + state + described[2:])
    with pytest.raises(DataError, match=r"builtins\.dict"):
        read_tensors(tmp_path / "a.pth")


def test_what_is_larger_than_its_file_is_refused(tmp_path):
    path, zeros = tmp_path / "a.pth", np.zeros(10**6, np.float32)
    write_zip(path, {"w": tensor(zeros, "0")}, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(DataError, match="compressed"):
        read_tensors(path)
    small = Storage(np.zeros(4, np.float32), "0")
    for shape, strides in [((10**9,), (0,)), ((5,), (1,)), ((2, 2), (1, 3)), ((2,), (-1,))]:
        write_zip(path, {"w": Tensor(small, 0, shape, strides)})
        with pytest.raises(DataError, match="outside its storage|times larger"):
            read_tensors(path)
    write_zip(path, {str(k): Tensor(small, 0, (4,), (1,)) for k in range(20)})
    with pytest.raises(DataError, match="times larger"):
        read_tensors(path)
    write_safetensors(tmp_path / "b", {"a": zeros[:4], "b": zeros[:4]})
    data = (tmp_path / "b").read_bytes().replace(b"[16, 32]", b"[0, 16] ")
    (tmp_path / "b").write_bytes(data[:-16])
    with pytest.raises(DataError, match="overlap"):
        read_tensors(tmp_path / "b")


def test_a_damaged_file_is_refused_in_one_sentence(tmp_path):
    writers = {"zip": write_zip, "old": write_old}
    for name, write in writers.items():
        write(tmp_path / name, tensors(STATE))
    write_safetensors(tmp_path / "safe", {"conv.weight": STATE["conv.weight"]})
    source = rng(5)
    for name in (*writers, "safe"):
        whole = (tmp_path / name).read_bytes()
        for _ in range(150):
            broken = bytearray(whole)
            for place in source.integers(len(whole), size=3):
                broken[place] = source.integers(256)
            (tmp_path / "broken").write_bytes(broken[: source.integers(1, len(whole) + 1)])
            try:
                read_tensors(tmp_path / "broken")
            except DataError as error:
                assert "\n" not in str(error)


@pytest.mark.parametrize("content", [b"", b"RIFF", pickle.dumps([1, 2]), b"PK\x03\x04"])
def test_another_kind_of_file_is_refused(content, tmp_path):
    (tmp_path / "a.pth").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.pth"):
        read_tensors(tmp_path / "a.pth")
    with pytest.raises(DataError, match="no such file"):
        read_tensors(tmp_path / "b.pth")


def test_the_initialisers_of_an_onnx_file(tmp_path):
    onnx = pytest.importorskip("onnx")
    state = {"conv.weight": STATE["conv.weight"]}
    made = [onnx.numpy_helper.from_array(array, name) for name, array in state.items()]
    graph = onnx.helper.make_graph([], "g", [], [], made)
    onnx.save(onnx.helper.make_model(graph), tmp_path / "a.onnx")
    same(read_tensors(tmp_path / "a.onnx"), state)
    (tmp_path / "b.onnx").write_bytes(b"no onnx")
    with pytest.raises(DataError, match="damaged"):
        read_tensors(tmp_path / "b.onnx")
