"""Ids stay text, caches tell what was damaged, tables of a resumed training repeat nothing."""

import os
import sqlite3

import numpy as np
import pandas as pd
import pytest
import soundfile

from audio.columns import read_table
from audio.listing import audio_files, is_sound
from audio.manifest import load, save, scan
from detect.evaluation.score_files import read_scores
from experiment.errors import DataError
from fad import sets
from fad.embeddings.cache import Cache
from fad.embeddings.sound_files import Settings, embed_files
from gan.config import GanConfig
from gan.slices import gather
from gan.training import _forget


def manifest(**columns):
    """Return four rows with some columns of our choice."""
    rows = pd.DataFrame(
        {
            "name": list("abcd"),
            "path": [f"{k}.wav" for k in range(4)],
            "label": ["bonafide", "bonafide", "spoof", "spoof"],
            "attack": ["", "", "A01", "A01"],
            "speaker": ["7", "07", "007", "NA"],
            "text": ["", "1e3", "null", "nan"],
            "source": "2019",
            "split": "train",
            "duration": [1.0, 2.5, 3.0, 0.5],
            "rate": 16000,
        }
    )
    return rows.assign(**columns)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_what_names_something_stays_as_it_was_written(suffix, tmp_path):
    path = tmp_path / f"m{suffix}"
    frame = manifest(name=["7", "07", "007", "1e5"], take=["1", "02", "3", "4"], latent=range(4))
    save(frame, path)
    again = load(path)
    for column in ("name", "speaker", "text", "source", "take"):
        assert again[column].tolist() == frame[column].tolist(), column
    assert again["latent"].tolist() == [0, 1, 2, 3]
    assert again["duration"].dtype == float and again["rate"].tolist() == [16000] * 4


def test_numbers_in_a_parquet_manifest_become_text(tmp_path):
    frame = manifest(speaker=[7.0, 8.0, 9.5, np.nan], name=[1, 2, 3, 4], attack=[None, None, 1, 1])
    frame.to_parquet(tmp_path / "m.parquet")
    again = load(tmp_path / "m.parquet")
    assert again["speaker"].tolist() == ["7", "8", "9.5", ""]
    assert again["name"].tolist() == ["1", "2", "3", "4"]
    assert again["attack"].tolist() == ["", "", "1", "1"]


@pytest.mark.parametrize(
    "paths", [[b"a", b"b", b"c", b"d"], [None] * 4, [["a"]] * 4, ["a\0b", "c", "d", "e"], [""] * 4]
)
def test_paths_that_name_no_file_are_refused(paths, tmp_path):
    manifest(path=paths).to_parquet(tmp_path / "m.parquet")
    with pytest.raises(DataError, match="path of row 0"):
        load(tmp_path / "m.parquet")


@pytest.mark.parametrize("value", ["", "x", "inf", "nan", "-1", "0"])
def test_a_duration_that_is_no_length_is_refused(value, tmp_path):
    manifest(duration=[value, "1", "1", "1"]).to_csv(tmp_path / "m.csv", index=False)
    with pytest.raises(DataError, match="duration: not positive in 1 rows"):
        load(tmp_path / "m.csv")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_name_that_is_not_utf_8_is_named(suffix, tmp_path):
    frame = manifest(path=[tmp_path / f"a\udcff{k}.wav" for k in range(4)])
    with pytest.raises(DataError, match=r"a\\udcff0\.wav: its name is not UTF-8; rename"):
        save(frame, tmp_path / f"m{suffix}")


def test_a_name_that_is_not_utf_8_is_rejected_and_the_rest_goes_on(voice, tmp_path):
    odd = tmp_path / os.fsdecode(b"\xff.wav")
    for path in (tmp_path / "good.wav", odd):
        soundfile.write(os.fsencode(path), voice, 16000, format="WAV")
    frame, rejects = scan(tmp_path)
    assert len(frame) == 1 and "not UTF-8" in rejects["reason"][0]
    sources, bad = gather(tmp_path, GanConfig(dim=2))
    assert len(sources) == 2 and not bad
    found = embed_files([str(odd)], Settings("logmel"))
    assert found.n_clips == 1
    assert len(sets.read(str(tmp_path))) == 2


@pytest.mark.parametrize("content", [b"", b"\xff\xfea\0,\0", b"\0" * 100, b'"' * 5000, b"a,b\n1"])
def test_a_damaged_table_is_one_sentence(content, tmp_path):
    (tmp_path / "m.csv").write_bytes(content)
    with pytest.raises(DataError) as found:
        load(tmp_path / "m.csv")
    assert "\n" not in str(found.value) and len(str(found.value)) < 500


def test_a_parquet_file_with_any_byte_wrong_loads_or_is_one_sentence(tmp_path):
    path = tmp_path / "m.parquet"
    manifest().to_parquet(path)
    whole = path.read_bytes()
    for place in range(len(whole) - 2600, len(whole), 13):  # the schema and what pandas adds to it
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        try:
            load(path)
        except DataError as error:
            assert "\n" not in str(error)


def test_a_table_read_twice_is_the_same(tmp_path):
    (tmp_path / "t.csv").write_text("speaker,count,code\n007,1,01\n08,2,02\n")
    table = read_table(tmp_path / "t.csv")
    assert table.to_dict("list") == {
        "speaker": ["007", "08"],
        "count": [1, 2],
        "code": ["01", "02"],
    }


@pytest.mark.parametrize("score", ["nan", "inf", "-inf", "1e999", "one"])
def test_a_score_that_is_no_number_is_named_by_its_line(score, tmp_path):
    (tmp_path / "s.txt").write_text(f"a 1.0\nb {score}\n")
    with pytest.raises(DataError, match=r"line 2: .*finite"):
        read_scores(tmp_path / "s.txt")


# ------------------------------------------------------------------ caches


def entry(seed=0):
    return np.random.default_rng(seed).normal(size=(3, 8)).astype(np.float32), 1.5


def test_an_embedding_that_was_damaged_on_disk_is_computed_again(tmp_path):
    cache = Cache(tmp_path / "e.sqlite")
    cache.put({"good": entry(1), "flipped": entry(2), "shaped": entry(3), "cut": entry(4)})
    with sqlite3.connect(cache.path) as base:
        data = bytearray(base.execute("SELECT data FROM kept WHERE key='flipped'").fetchone()[0])
        data[5] ^= 0x40
        base.execute("UPDATE kept SET data=? WHERE key='flipped'", (bytes(data),))
        base.execute("UPDATE kept SET windows=6 WHERE key='shaped'")
        base.execute("UPDATE kept SET data=substr(data, 1, 32) WHERE key='cut'")
    found = cache.get(["good", "flipped", "shaped", "cut"])
    assert list(found) == ["good"] and np.array_equal(found["good"][0], entry(1)[0])
    cache.put({"flipped": entry(2)})
    assert np.array_equal(cache.get(["flipped"])["flipped"][0], entry(2)[0])


def test_an_embedding_under_the_key_of_another_is_not_taken(tmp_path):
    cache = Cache(tmp_path / "e.sqlite")
    cache.put({"mine": entry(1), "yours": entry(2)})
    with sqlite3.connect(cache.path) as base:
        base.execute("DELETE FROM kept WHERE key='mine'")
        base.execute("UPDATE kept SET key='mine' WHERE key='yours'")
    assert cache.get(["mine"]) == {}


def test_a_cache_with_any_byte_wrong_gives_the_same_or_nothing(tmp_path):
    cache = Cache(tmp_path / "e.sqlite")
    cache.put({str(k): entry(k) for k in range(20)})
    whole = cache.path.read_bytes()
    draw = np.random.default_rng(0)
    for place in draw.integers(0, len(whole), 60):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        cache.path.write_bytes(damaged)
        try:
            found = cache.get(map(str, range(20)))
            cache.put({"new": entry(99)})
        except DataError as error:
            assert "--no-cache" in str(error)
            continue
        for key, (array, _) in found.items():
            assert np.array_equal(array, entry(int(key))[0])


def test_a_cache_of_a_version_without_checksums_is_emptied(tmp_path):
    with sqlite3.connect(tmp_path / "e.sqlite") as base:
        base.execute("CREATE TABLE embeddings (key TEXT PRIMARY KEY, data BLOB)")
    assert Cache(tmp_path / "e.sqlite").get(["x"]) == {}


def test_rows_of_steps_that_will_be_trained_again_are_dropped(tmp_path):
    path = tmp_path / "metrics.csv"
    _forget(path, 10)
    pd.DataFrame({"step": [10, 20, 30, np.nan], "critic": 1.0}).to_csv(path, index=False)
    _forget(path, 20)
    assert pd.read_csv(path)["step"].tolist()[:2] == [10, 20]
    assert len(pd.read_csv(path)) == 3


# ------------------------------------------------------------------ folders


def test_every_sound_or_video_file_of_a_folder_is_found(tmp_path):
    names = ["a.m4a", "b.CAF", "c.w64", "d.sph", "e.voc", "f.amr", "g.mp4", "h.webm", "i.wma"]
    names += ["j.mov", "k.aac", "l.3gp", "m.mkv", "n.opus", "o.wv", "p.aifc"]
    for name in [*names, "notes.txt", "page.html", "x.json", "y.parquet", "z.png", ".hidden.wav"]:
        (tmp_path / name).touch()
    assert [path.name for path in audio_files(tmp_path)] == sorted(names)
    assert not is_sound("model.keras")
