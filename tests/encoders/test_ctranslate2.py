import numpy as np
import pytest

from encoders.ctranslate2 import read_variables
from experiment.errors import DataError
from tests.encoders.conftest import ctranslate2_file

KEPT = {"encoder/a": np.eye(3, dtype=np.float16), "encoder/n": np.array(6, np.int16)}


def test_variables_come_back_by_name():
    found = read_variables(ctranslate2_file({**KEPT, "decoder/b": np.ones(2, np.float32)}), "enc")
    assert list(found) == ["oder/a", "oder/n"]
    np.testing.assert_array_equal(found["oder/a"], np.eye(3))
    assert found["oder/n"] == 6


def test_damaged_files_are_refused():
    content = ctranslate2_file(KEPT)
    for cut in (3, 20, len(content) - 1):
        with pytest.raises(DataError, match="damaged"):
            read_variables(content[:cut])
    with pytest.raises(DataError, match="version 6 is wanted. Received: 5"):
        read_variables(ctranslate2_file(KEPT, version=5))
