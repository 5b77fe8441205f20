"""A user's own folder becomes a manifest whose splits share no speaker."""

import pytest

from audio import manifest
from audio.clip import write_wav
from audio.datasets import DATASETS
from audio.splitting import deal
from experiment.errors import DataError


def lay(folder, names, speech):
    for name, clip in zip(names, speech, strict=False):
        write_wav(folder / name, clip.samples)


def test_a_flat_folder_is_real_speech(tmp_path, speech):
    lay(tmp_path, [f"{k}.wav" for k in range(10)], speech)
    frame = DATASETS["folder"](tmp_path)
    assert set(frame.label) == {"bonafide"}
    assert set(frame.split) == {"train", "dev", "test"}


def test_speakers_and_attacks_are_read_from_folders(tmp_path, speech):
    people = [f"real/{who}/{k}.wav" for who in "abcde" for k in range(2)]
    fakes = [f"fake/{how}/{who}/{k}.wav" for how in ("tts", "vc") for who in "abcde" for k in (0,)]
    lay(tmp_path, [*people, *fakes, "fake/loose.wav"], speech)
    frame = DATASETS["folder"](tmp_path)
    assert len(frame) == 21
    assert set(frame.speaker) == {*"abcde", ""}
    assert frame.groupby("attack").size().to_dict() == {"": 10, "tts": 5, "unknown": 1, "vc": 5}
    assert manifest.overlaps(frame) == {}
    assert frame.groupby("label").split.nunique().min() == 3


def test_splits_of_the_user_are_kept(tmp_path, speech):
    names = [
        f"{s}/{c}/{k}.wav"
        for s in ("training", "val", "test")
        for c in ("real", "fake")
        for k in (1, 2)
    ]
    lay(tmp_path, names, speech)
    frame = DATASETS["folder"](tmp_path)
    assert frame.groupby(["split", "label"]).size().tolist() == [2] * 6
    with pytest.raises(DataError, match="no dev"):
        (tmp_path / "val").rename(tmp_path / "more")
        DATASETS["folder"](tmp_path)


def test_what_cannot_be_read_is_counted(tmp_path, speech):
    lay(tmp_path, ["a.wav", "b.wav", "c.wav"], speech)
    (tmp_path / "page.wav").write_text("<html>")
    frame = DATASETS["folder"](tmp_path)
    assert len(frame) == 3
    assert list(frame.attrs["rejects"]["path"]) == [str(tmp_path / "page.wav")]


def test_the_same_audio_as_real_and_fake_is_an_error(tmp_path, speech):
    lay(tmp_path, ["real/a.wav"], speech)
    lay(tmp_path, ["fake/tts/a.wav"], speech)
    with pytest.raises(DataError, match="duplicates"):
        DATASETS["folder"](tmp_path)


def test_the_deal_follows_the_seed_and_the_shares(corpus):
    assert deal(corpus, 0) == deal(corpus, 0) != deal(corpus, 1)
    train = deal(corpus, 0, {"train": 0.8, "dev": 0.1, "test": 0.1}).count("train") / len(corpus)
    assert 0.7 < train < 0.9


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataError, match="no such folder"):
        DATASETS["folder"](tmp_path / "nowhere")
