"""The corpus keeps its promises: splits apart, both classes alike, resumed where it stopped."""

import numpy as np
import pytest

from audio import manifest
from audio.clip import read_clip
from audio.datasets import DATASETS
from audio.datasets.starter import build, clips
from audio.datasets.starter.sizes import SIZES, TINY, Size
from audio.datasets.starter.split import LANGUAGES, by_split, without_shared_texts
from audio.datasets.starter.texts import share_of, words
from experiment.errors import DataError, UsageError

SMALL = Size(
    caps={"asterisk-en": 4, "klettres": 2},
    copies={"lpc": {"train": 0.5, "dev": 0.5, "test": 0.5}},
    speech={"espeak": {"train": 4}},
)


def test_splits_share_no_speaker_no_text_no_clip(corpus):
    assert manifest.overlaps(corpus) == {}
    said = corpus.assign(text=corpus["text"].map(words))
    assert manifest.overlaps(said, ["text"]) == {}


def test_every_split_has_people_and_fakes(corpus):
    people = corpus[corpus.label == "bonafide"].groupby("split").speaker.nunique()
    assert (people >= 3).all()
    assert set(people.index) == {"train", "dev", "test"}
    attacks = corpus[corpus.label == "spoof"].groupby("split").attack.agg(set)
    assert {"world", "griffinlim", "espeak"} <= attacks["train"]
    assert {"world", "griffinlim"} <= attacks["dev"] & attacks["test"]
    assert {"lpc", "hibari"} <= attacks["test"] - attacks["train"]


def test_unseen_attacks_are_marked_and_only_in_test(corpus):
    trained = set(corpus[corpus.split == "train"].attack)
    assert (corpus["seen"] == corpus["attack"].isin(trained | {""})).all()
    assert set(corpus[~corpus["seen"]].split) == {"test"}


def test_a_copy_has_speaker_words_and_timing_of_its_original(corpus):
    originals = corpus.set_index("name")
    copies = corpus[corpus["copy_of"] != ""]
    assert set(copies.attack) == {"world", "griffinlim", "lpc"}
    for copy in copies.itertuples():
        original = originals.loc[copy.copy_of]
        same = ["speaker", "text", "split", "language", "source", "licence", "codec"]
        assert all(getattr(copy, name) == original[name] for name in same)
        assert abs(copy.duration - original.duration) < 0.22


def test_files_are_what_the_manifest_says(corpus):
    assert corpus["duration"].between(1, 4.1).all()
    assert (corpus[["licence", "package", "language", "source", "codec"]] != "").all(axis=None)
    for row in corpus.sample(10, random_state=0).itertuples():
        clip = read_clip(row.path)
        assert clip.digest == row.name
        assert clip.seconds == pytest.approx(row.duration)
        assert not clip.flags


def test_real_and_fake_have_one_level(corpus):
    levels = {
        label: [np.sqrt((clip.samples**2).mean()) for clip in manifest.clips(part)]
        for label, part in corpus.groupby("label")
    }
    real, fake = (20 * np.log10(np.mean(levels[label])) for label in ("bonafide", "spoof"))
    assert abs(real - fake) < 1


def test_a_finished_corpus_is_not_touched(corpus):
    before = {path: build.Path(path).stat().st_mtime_ns for path in corpus["path"]}
    again = DATASETS["starter"]("tiny")
    assert list(again["name"]) == list(corpus["name"])
    assert all(build.Path(path).stat().st_mtime_ns == time for path, time in before.items())


def test_an_interrupted_build_goes_on_and_ends_the_same(corpus, tmp_path, monkeypatch):
    monkeypatch.setitem(SIZES, "small", SMALL)
    whole = build.starter("small", tmp_path / "whole", workers=1)
    done, run = [], clips.run

    def stops(job):
        if len(done) == 5:
            raise KeyboardInterrupt
        done.append(job.name)
        return run(job)

    monkeypatch.setattr(clips, "run", stops)
    with pytest.raises(KeyboardInterrupt):
        build.starter("small", tmp_path / "cut", workers=1)
    assert not (tmp_path / "cut/manifest.parquet").exists()
    stages = {p: p.stat().st_mtime_ns for p in (tmp_path / "cut/.stages").glob("*.json")}
    assert len(stages) == 1 + 5

    def goes_on(job):
        if job.name in done:
            assert clips.stage(job).stat().st_mtime_ns == stages[clips.stage(job)]
        return run(job)

    monkeypatch.setattr(clips, "run", goes_on)
    resumed = build.starter("small", tmp_path / "cut", workers=1)
    assert list(resumed["name"]) == list(whole["name"])


def test_a_folder_of_others_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty and not a starter corpus"):
        build.starter("tiny", tmp_path)
    assert [p.name for p in tmp_path.iterdir() if p.name != ".lock"] == ["thesis.txt"]


def test_an_unknown_size_is_refused():
    with pytest.raises(UsageError, match="tiny, quick, full"):
        build.starter("huge")


def test_a_missing_engine_names_the_extra(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"espeakng_loader.*pip install '\.\[starter\]'.*--data"):
        build.starter("tiny", tmp_path)


def test_every_size_knows_its_sources_and_engines():
    for size in SIZES.values():
        assert build._groups(size.caps, size.speech)
        assert set(size.copies["world"]) == {"train", "dev", "test"}
    assert "train" not in TINY.copies["lpc"]


def test_texts_are_compared_by_their_words():
    assert words("  Press ONE,\nnow! ") == words("press one now") == "press one now"
    assert words("Ёлка — да") == "ёлка да"
    assert share_of("Press one!") == share_of("press one")
    shares = [share_of(f"sentence number {k}") for k in range(400)]
    assert 0.4 < shares.count("train") / 400 < 0.6


def test_a_text_of_two_splits_stays_in_the_smaller(corpus):
    frame = corpus.copy()
    row = frame.index[frame.split == "train"][0]
    other = frame.index[frame.split == "dev"][0]
    frame.loc[other, "text"] = frame.loc[row, "text"].upper() + "!"
    kept = without_shared_texts(frame)
    assert words(frame.loc[row, "text"]) not in set(kept[kept.split == "train"].text.map(words))
    assert words(frame.loc[row, "text"]) in set(kept[kept.split == "dev"].text.map(words))


def test_no_language_of_word_games_is_in_two_splits():
    codes = " ".join(LANGUAGES.values()).split()
    assert len(codes) == len(set(codes))
    assert set(by_split([])) == {"train", "dev", "test"}
