import os
import signal

import numpy as np
import pytest

import fad
from audio.clip import read_clip, write_wav
from experiment.errors import DataError, UsageError
from fad import sets
from fad.distance import reference
from fad.embeddings import sound_files
from fad.embeddings.cache import Cache
from fad.embeddings.gaussian import Gaussian
from fad.embeddings.sound_files import Settings, embed_files

LOGMEL = Settings("logmel")


@pytest.fixture
def paths(speech_folder):
    return sorted(map(str, speech_folder.glob("*.wav")))[:10]


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "embeddings.sqlite")


def test_files_are_embedded_as_clips_are(paths):
    found = embed_files(paths, LOGMEL)
    clips = fad.load("logmel").embed([read_clip(path) for path in paths])
    np.testing.assert_array_equal(found.array, clips.array)
    assert list(dict.fromkeys(found.clips)) == paths
    assert found.seconds == pytest.approx(clips.seconds)


def test_what_cannot_be_read_is_listed(paths, tmp_path):
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"<html>")
    found = embed_files([*paths, broken, tmp_path / "gone.wav"], LOGMEL)
    assert found.n_clips == len(paths)
    assert [one.name for one in found.dropped] == [str(broken), str(tmp_path / "gone.wav")]
    assert "not audio" in found.dropped[0].reason


def test_the_cache_gives_the_same_numbers_without_computing(paths, cache, monkeypatch):
    first = embed_files(paths, LOGMEL, cache=cache)
    monkeypatch.setattr(sound_files, "embed_chunk", None)
    second = embed_files(paths[::-1], LOGMEL, cache=cache)
    assert list(dict.fromkeys(second.clips)) == paths[::-1]
    np.testing.assert_array_equal(np.sort(first.array, axis=0), np.sort(second.array, axis=0))
    assert second.seconds == pytest.approx(first.seconds)


def test_the_cache_knows_when_it_is_stale(paths, cache, tmp_path):
    path = tmp_path / "clip.wav"
    write_wav(path, read_clip(paths[0]).samples)
    before = embed_files([path], LOGMEL, cache=cache)
    write_wav(path, read_clip(paths[1]).samples)
    after = embed_files([path], LOGMEL, cache=cache)
    assert not np.array_equal(before.array, after.array)
    torch = embed_files([path], Settings("logmel", "torch"), cache=cache)
    assert not np.array_equal(after.array, torch.array)


def test_the_cache_forgets_the_oldest_above_its_limit(cache):
    rows = np.zeros((1, 250), np.float32)
    cache.limit = 2500
    cache.put({"a": (rows, 1.0)})
    cache.put({"b": (rows, 1.0)})
    assert set(cache.get(["a"])) == {"a"}
    cache.put({"c": (rows, 1.0)})
    assert set(cache.get(["a", "b", "c"])) == {"a", "c"}


def test_a_damaged_cache_starts_afresh(cache):
    cache.path.write_bytes(b"not a database" * 100)
    assert cache.get(["a"]) == {}
    cache.put({"a": (np.ones((2, 3), np.float32), 1.5)})
    np.testing.assert_array_equal(cache.get(["a"])["a"][0], np.ones((2, 3)))


def put_many(job):
    path, name = job
    for k in range(20):
        Cache(path).put({f"{name}{k}": (np.full((1, 4), k, np.float32), 1.0)})
    return name


def test_two_processes_share_the_cache(cache):
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(put_many, [(cache.path, "a"), (cache.path, "b")]))
    assert len(cache.get([f"{name}{k}" for name in "ab" for k in range(20)])) == 40


def test_streamed_statistics_equal_the_whole(paths, monkeypatch):
    monkeypatch.setattr(sound_files, "CHUNK", 3)
    gaussian, clips, _, dropped = sound_files.summarise(paths, LOGMEL)
    whole = Gaussian.of(embed_files(paths, LOGMEL).array)
    assert (clips, dropped, gaussian.n) == (len(paths), [], whole.n)
    np.testing.assert_allclose(gaussian.scatter, whole.scatter, rtol=1e-9, atol=1e-6)


def test_a_saved_reference_serves_instead_of_audio(paths, tmp_path):
    made = reference.make(paths, LOGMEL, "speech")
    reference.save(made, tmp_path / "speech.npz")
    loaded = reference.load(tmp_path / "speech.npz")
    assert loaded.identity == made.identity and loaded.provenance["set"] == "speech"
    evaluated = embed_files(paths[:6], LOGMEL)
    by_audio = fad.score(embed_files(paths, LOGMEL), evaluated)
    by_file = fad.score(loaded, evaluated)
    assert by_file.distance == pytest.approx(by_audio.distance, rel=1e-6)
    with pytest.raises(DataError, match="not comparable"):
        fad.score(loaded, embed_files(paths[:6], Settings("logmel", "torch")))


def test_a_file_that_is_no_reference(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        reference.load(tmp_path / "none.npz")
    np.savez(tmp_path / "other.npz", a=1)
    with pytest.raises(DataError, match="no saved reference"):
        reference.load(tmp_path / "other.npz")


def embed_or_die(task):
    """Kill the first worker that gets here, as a lost machine would."""
    settings, chunk, marker = task
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return sound_files.embed_chunk((settings, chunk))
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_lost_worker_loses_nothing(paths, tmp_path, monkeypatch):
    from experiment.parallel import each

    tasks = [(LOGMEL, paths[k : k + 2], str(tmp_path / "died")) for k in range(0, 10, 2)]
    found = {}
    for part in each(embed_or_die, tasks, workers=2):
        found.update(part)
    assert (tmp_path / "died").exists()
    expected = embed_files(paths, LOGMEL)
    for path in paths:
        np.testing.assert_array_equal(found[path][0], expected.array[expected.clips == path])


def test_worker_processes_give_the_numbers_of_one(paths, monkeypatch):
    monkeypatch.setattr(sound_files, "CHUNK", 3)
    spread, here = (embed_files(paths, LOGMEL, workers=n) for n in (2, 1))
    np.testing.assert_array_equal(spread.array, here.array)
    assert spread.clips.tolist() == here.clips.tolist()


def test_sets_are_folders_or_manifests(corpus, speech_folder, tmp_path):
    from audio import manifest

    manifest.save(corpus, tmp_path / "m.parquet")
    assert len(sets.read(str(speech_folder))) == 32
    found = sets.read(f"{tmp_path / 'm.parquet'}:label=spoof,split=test")
    expected = corpus[(corpus.label == "spoof") & (corpus.split == "test")]
    assert sorted(found["name"]) == sorted(expected["name"])
    with pytest.raises(UsageError, match="no column 'mood'"):
        sets.read(f"{tmp_path / 'm.parquet'}:mood=sad")
    with pytest.raises(UsageError, match="only a manifest"):
        sets.read(f"{speech_folder}:label=spoof")
    with pytest.raises(DataError, match="no sound files"):
        sets.read(f"{tmp_path / 'm.parquet'}:label=other")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no sound files"):
        sets.read(str(tmp_path / "empty"))


@pytest.mark.parametrize(
    "texts, short",
    [
        (["/a/real", "/a/fake/"], ["real", "fake"]),
        (["/a/x", "/b/x"], ["/a/x", "/b/x"]),
        (["/a/m.parquet:label=spoof"], ["m.parquet:label=spoof"]),
    ],
)
def test_short_names_stay_distinct(texts, short):
    assert sets.short_names(texts) == short
