"""Whatever is done to a file, a reader gives an answer or a sentence: a property, tried at random.

In CI each reader gets 25 files, always the same ones. By hand, for an hour:
``FAKE_AUDIO_FUZZ_SECONDS=3600 pytest tests/faults/test_fuzz.py``. An escape is any exception that
is not a DataError or a UsageError, and an answer that is not finite.
"""

import json
import os
import time

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio import manifest, protocols
from audio.clip import LOUDEST, read_clip
from audio.columns import read_table
from audio.plain import read_plain
from detect.evaluation.score_files import read_scores
from detect.use.detector import NETWORK, SETTINGS, Detector
from detect.use.domain import FILE
from experiment.errors import DataError, UsageError
from experiment.files import file_digest, read_json
from experiment.recipes import require_plain
from fad.embeddings.cache import Cache
from gan import checkpoint
from gan.slices import examine
from tests.faults.formats import FFMPEG, SNDFILE, write
from tests.faults.weights import WEIGHTS, of_tensors

HOUR = float(os.environ.get("FAKE_AUDIO_FUZZ_SECONDS", 0))
OURS = (DataError, UsageError)
FORMATS = [*SNDFILE, *FFMPEG]

change = st.tuples(
    st.sampled_from(("flip", "cut", "zero", "copy", "insert", "number")),
    st.floats(0, 1),
    st.integers(0, 255),
    st.integers(1, 64),
)
changes = st.lists(change, min_size=1, max_size=6)


def mutated(content, steps):
    """Return bytes after some changes: each at a share of the length, with a byte and a width."""
    data = bytearray(content)
    for kind, share, byte, width in steps:
        # half of the changes hit the header
        place = int(share * min(len(data), 256 if byte % 2 else len(data)))
        if kind == "flip" and place < len(data):
            data[place] ^= byte or 1
        elif kind == "cut":
            del data[place + 1 :]
        elif kind == "zero":
            data[place : place + width] = bytes(len(data[place : place + width]))
        elif kind == "copy":
            data[place:place] = data[: width * 8]
        elif kind == "insert":
            data[place:place] = bytes([byte]) * width
        elif kind == "number":
            data[place : place + 4] = (0xFFFFFFFF - byte).to_bytes(4, "little")
    return bytes(data)


def tried(reader, path, content, steps):
    """Return what a reader makes of a changed file, None where it says a sentence."""
    path.write_bytes(mutated(content, steps))
    try:
        return reader(path)
    except OURS as error:
        assert "\n" not in str(error) and len(str(error)) < 2000
        return None


def explore(check, share, strategy=changes):
    """Call ``check(steps)`` with changes drawn at random; by hand, for a share of the time."""
    end = time.monotonic() + share * HOUR

    @settings(
        max_examples=200 if HOUR else 25,
        deadline=None,
        database=None,
        derandomize=not HOUR,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(steps):
        check(steps)

    run()
    while time.monotonic() < end:
        run()


@pytest.mark.parametrize("suffix", FORMATS)
def test_sound_of_every_format(suffix, tmp_path):
    path = write(tmp_path, suffix)
    if path is None:
        pytest.skip(f"this FFmpeg has no encoder for {suffix}")
    content = path.read_bytes()

    def check(steps):
        clip = tried(read_clip, path, content, steps)
        if clip is not None:
            assert np.isfinite(clip.samples).all() and np.abs(clip.samples).max() <= LOUDEST
            assert len(clip.samples)
        source = tried(examine, path, content, steps)
        assert source is None or (source.frames > 0 and source.peak <= LOUDEST)

    explore(check, 0.5 / len(FORMATS))


def tables(tmp_path):
    """Return name, file and reader of every table and settings file that is read."""
    rows = pd.DataFrame(
        {"name": ["a", "b"], "path": ["a.wav", "b.wav"], "label": ["bonafide", "spoof"]}
    )
    rows = rows.assign(attack=["", "x"], speaker="7", text="", source="s", split="train")
    rows = rows.assign(duration=1.0, rate=16000)
    rows.to_csv(tmp_path / "m.csv", index=False)
    rows.to_parquet(tmp_path / "m.parquet")
    (tmp_path / "scores.txt").write_text("a - bonafide 1.5\nb x spoof -2.5\n")
    (tmp_path / "protocol.txt").write_text("S1 a - - bonafide\nS1 b - x spoof\n")
    (tmp_path / "recipe.yaml").write_text("out: runs/a\nseeds: 3\ndetectors: [cnn]\n")
    (tmp_path / "config.json").write_text(json.dumps({"a": [1, 2.5], "b": {"c": None}}))
    checkpoint.save(tmp_path / "c.npz", [np.arange(50.0)], {"step": 1})
    return {
        "m.csv": manifest.load,
        "m.parquet": manifest.load,
        "scores.txt": read_scores,
        "protocol.txt": protocols.read,
        "recipe.yaml": require_plain,
        "config.json": read_json,
        "c.npz": checkpoint.load,
    }


TABLES = ("m.csv", "m.parquet", "scores.txt", "protocol.txt", "recipe.yaml", "config.json", "c.npz")


@pytest.mark.parametrize("name", TABLES)
def test_tables_recipes_and_checkpoints(name, tmp_path):
    reader = tables(tmp_path)[name]
    path = tmp_path / name
    content = path.read_bytes()
    explore(lambda steps: tried(reader, path, content, steps), 0.15 / len(TABLES))


@pytest.mark.parametrize("name", [SETTINGS, FILE, NETWORK])
def test_parts_of_a_detector(name, starter, tmp_path):
    starter.save(tmp_path)
    path, note = tmp_path / name, tmp_path / SETTINGS
    content, known = path.read_bytes(), json.loads(note.read_text())

    def check(steps):
        path.write_bytes(mutated(content, steps))
        if name == NETWORK:  # as a hostile sender would, with a digest that fits
            note.write_text(json.dumps({**known, "network": file_digest(path)}))
        try:
            found = Detector.load(tmp_path)
        except OURS as error:
            assert "\n" not in str(error) and len(str(error)) < 2000
            return
        assert found.digest == starter.digest and found.domain.level > 0

    explore(check, 0.1 / 3)


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_of_others(name, tmp_path):
    write_weights, read = WEIGHTS[name]
    path = tmp_path / name
    write_weights(path)
    content = path.read_bytes()
    assert tried(read, path, content, [])

    def check(steps):
        arrays = tried(read, path, content, steps) or []
        assert read is of_tensors or all(np.isfinite(array).all() for array in arrays)

    explore(check, 0.15 / len(WEIGHTS))


def test_a_plain_wav_is_read_as_by_libsndfile(tmp_path):
    path = write(tmp_path, "wav")
    content = path.read_bytes()

    def check(steps):
        found = tried(lambda path: read_plain(path, path.stat().st_size), path, content, steps)
        if found is not None:
            samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
            assert np.array_equal(found[0], samples) and found[1] == rate

    explore(check, 0.02)


def test_a_cache_of_embeddings(tmp_path):
    cache = Cache(tmp_path / "e.sqlite")
    entries = {str(k): (np.full((2, 4), k, np.float32), float(k)) for k in range(8)}
    cache.put(entries)
    content = cache.path.read_bytes()

    def check(steps):
        cache.path.write_bytes(mutated(content, steps))
        try:
            found = cache.get(entries)
            cache.put({"new": entries["1"]})
        except OURS:
            return
        for key, (array, seconds) in found.items():
            assert np.array_equal(array, entries[key][0]) and seconds == entries[key][1]

    explore(check, 0.05)


def test_any_text_as_a_table(tmp_path):
    path = tmp_path / "t.csv"

    def check(text):
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
        try:
            read_table(path)
        except OURS as error:
            assert len(str(error)) < 2000

    explore(check, 0.03, st.text(st.characters(codec="utf-8"), max_size=80))
