import os

import numpy as np
import pytest

from experiment.errors import DataError
from experiment.files import atomic, cache_folder, digest, read_json, write_json


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"x": np.float32(1.5), "y": np.arange(2)})
    with pytest.raises(OSError), atomic(path) as temporary:
        temporary.write_text("half")
        raise OSError("disk full")
    assert read_json(path) == {"x": 1.5, "y": [0, 1]}
    assert os.listdir(tmp_path) == ["a.json"]


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"x": ')
    with pytest.raises(DataError, match=r"a\.json: damaged"):
        read_json(path)


def test_digest_sees_type_shape_content_and_boundaries():
    x = np.arange(6, dtype=np.float32)
    different = [digest(x), digest(x.astype(float)), digest(x.reshape(2, 3)), digest(x + 1)]
    different += [digest("ab", "c"), digest("a", "bc"), digest({"a": 1})]
    assert len(set(different)) == len(different)
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_the_cache_can_be_moved(monkeypatch, tmp_path):
    monkeypatch.setenv("FAKE_AUDIO_CACHE", str(tmp_path / "elsewhere"))
    assert cache_folder("a", "b") == tmp_path / "elsewhere" / "a" / "b"
