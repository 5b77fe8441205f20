"""Bad folders and tables: all faults listed at once, rejects counted, leaks named."""

import shutil

import pandas as pd
import pytest

from audio.clip import write_wav
from audio.manifest import audio_files, load, overlaps, require_disjoint, save, scan, validate
from experiment.errors import DataError


def test_all_faults_are_listed_at_once(corpus):
    bad = corpus.copy()
    bad.loc[0, "label"] = "genuine"
    bad.loc[1, "split"] = "eval"
    bad.loc[2, "path"] = bad.loc[3, "path"]
    bad.loc[4, "duration"] = 0
    with pytest.raises(DataError) as found:
        validate(bad)
    for words in ("'genuine' in 1 rows", "'eval' in 1 rows", "path: 1 duplicates", "duration"):
        assert words in str(found.value)


def test_a_missing_column_is_named(corpus):
    with pytest.raises(DataError, match="missing columns text, rate"):
        validate(corpus.drop(columns=["text", "rate"]))


def test_missing_files_are_counted(corpus):
    bad = corpus.copy()
    bad.loc[0, "path"] = "/nowhere/a.wav"
    with pytest.raises(DataError, match=r"1 files missing, first /nowhere/a\.wav"):
        validate(bad, files=True)


@pytest.mark.parametrize("column", ["speaker", "text", "name"])
def test_what_two_splits_share_is_named(column, corpus):
    require_disjoint(corpus)
    bad = corpus.copy()
    train = bad.index[(bad.split == "train") & (bad[column] != "")][0]
    test = bad.index[bad.split == "test"][0]
    bad.loc[test, column] = bad.loc[train, column]
    assert bad.loc[train, column] in overlaps(bad)[column]
    with pytest.raises(DataError, match=f"of {column}, first .* in test"):
        require_disjoint(bad)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_manifest_survives_being_moved(suffix, speech_folder, tmp_path):
    frame, _ = scan(speech_folder)
    home = tmp_path / "a"
    home.mkdir()
    frame["path"] = [shutil.copy(path, home) for path in frame["path"]]
    save(frame, home / f"manifest{suffix}")
    home.rename(tmp_path / "b")
    again = load(tmp_path / "b")
    validate(again, files=True)
    assert again["name"].tolist() == frame["name"].tolist()
    assert again["attack"].tolist() == frame["attack"].tolist()


def test_a_damaged_manifest_is_named(tmp_path):
    (tmp_path / "manifest.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(DataError, match=r"manifest\.parquet: damaged"):
        load(tmp_path)


def test_hidden_files_and_loops_are_left_out(speech, tmp_path):
    write_wav(tmp_path / "a" / "clip.wav", speech[0].samples)
    write_wav(tmp_path / "a" / "._clip.wav", speech[0].samples)
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert [path.name for path in audio_files(tmp_path)] == ["clip.wav"]


def test_bad_files_are_rejected_with_their_reason_and_the_rest_goes_on(speech, tmp_path):
    write_wav(tmp_path / "good.wav", speech[0].samples)
    write_wav(tmp_path / "good again.wav", speech[0].samples)
    (tmp_path / "bad.wav").write_bytes(b"not sound")
    frame, rejects = scan(tmp_path)
    assert len(frame) == 1
    reasons = dict(zip([p.split("/")[-1] for p in rejects.path], rejects.reason, strict=True))
    assert "not audio" in reasons["bad.wav"]
    assert "the same audio as" in reasons["good.wav"]


@pytest.mark.parametrize("prepare", [lambda p: None, lambda p: (p / "x.wav").write_bytes(b"x")])
def test_a_folder_without_readable_audio_is_refused(prepare, tmp_path):
    prepare(tmp_path)
    with pytest.raises(DataError, match="no readable audio"):
        scan(tmp_path)


def test_an_empty_table_has_no_faults_but_no_clips():
    frame = pd.DataFrame({name: [] for name in ["name"]})
    with pytest.raises(DataError, match="missing columns"):
        validate(frame)
