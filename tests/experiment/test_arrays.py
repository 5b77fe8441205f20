import os

import numpy as np
import pytest

from experiment import arrays


@pytest.fixture
def kept(monkeypatch, tmp_path):
    monkeypatch.setenv("FAKE_AUDIO_CACHE", str(tmp_path))
    return tmp_path / "kind"


ROWS = np.arange(30, dtype=np.float32).reshape(10, 3)


def counted():
    """Return a source of blocks, and the list of how often it was asked."""
    asked = []

    def blocks():
        asked.append(1)
        yield ROWS[:4]
        yield ROWS[4:]

    return blocks, asked


def test_what_was_computed_is_not_computed_again(kept):
    blocks, asked = counted()
    first = arrays.cached("kind", "key", ROWS.shape, blocks)
    again = arrays.cached("kind", "key", ROWS.shape, blocks)
    np.testing.assert_array_equal(first, ROWS)
    np.testing.assert_array_equal(again, ROWS)
    assert isinstance(again, np.memmap) and not again.flags.writeable
    assert len(asked) == 1


def damaged(path, how):
    content = bytearray(path.read_bytes())
    if how == "a flipped bit":
        content[-5] ^= 16
    elif how == "cut":
        content = content[:-40]
    elif how == "empty":
        content = b""
    path.write_bytes(content)


@pytest.mark.parametrize("how", ["a flipped bit", "cut", "empty", "another shape", "no sums"])
def test_what_is_damaged_is_computed_again(kept, how):
    blocks, asked = counted()
    arrays.cached("kind", "key", ROWS.shape, blocks)
    if how == "another shape":
        np.save(kept / "key.npy", ROWS.reshape(3, 10))
    elif how == "no sums":
        (kept / "key.json").write_text("[")
    else:
        damaged(kept / "key.npy", how)
    found = arrays.cached("kind", "key", ROWS.shape, blocks)
    np.testing.assert_array_equal(found, ROWS)
    assert len(asked) == 2


def test_what_was_used_longest_ago_makes_room(kept, monkeypatch):
    monkeypatch.setenv("FAKE_AUDIO_CACHE_GB", str(600e-9))
    for number in range(4):
        arrays.cached("kind", str(number), ROWS.shape, lambda: [ROWS])
        os.utime(kept / f"{number}.npy", (number, number))
        arrays.cached("kind", "0", ROWS.shape, lambda: [ROWS])
    names = {path.name for path in kept.iterdir()}
    assert "3.npy" in names and "1.npy" not in names
    assert sum(path.stat().st_size for path in kept.glob("*.npy")) <= 600
    assert {name for name in names if name.startswith("1.")} == set()
