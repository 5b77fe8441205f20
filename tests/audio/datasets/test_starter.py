"""The corpus keeps its promises: splits apart, pairs alike, resumed where it stopped."""

import pytest

from audio import manifest
from audio.clip import read_clip, read_samples
from audio.datasets import DATASETS
from audio.datasets.starter import build, clips
from audio.datasets.starter.copies import copied
from audio.datasets.starter.cutting import active_level
from audio.datasets.starter.sizes import KINDS, SIZES, Copying, Size
from audio.datasets.starter.split import LANGUAGES, by_split, without_shared_texts
from audio.datasets.starter.texts import share_of, words
from experiment.errors import DataError, UsageError

SMALL = Size(
    caps={"asterisk-en": 4, "klettres": 2},
    copies={split: Copying(("griffinlim", "lpc"), 1) for split in manifest.SPLITS},
    speech={"espeak": {"test": 5}},
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
    assert attacks["train"] == {"vocos", "codec"}
    assert attacks["dev"] == {"vocos", "codec", "hifigan"}
    assert attacks["test"] == {*KINDS, "espeak", "hibari"}


def test_unseen_attacks_are_marked_and_not_in_training(corpus):
    trained = set(corpus[corpus.split == "train"].attack)
    assert (corpus["seen"] == corpus["attack"].isin(trained | {""})).all()
    assert set(corpus[~corpus["seen"]].split) == {"dev", "test"}


def test_a_copy_has_speaker_words_timing_level_and_format_of_its_original(corpus):
    originals = corpus.set_index("name")
    copies = corpus[corpus["copy_of"] != ""]
    assert set(copies.attack) == set(KINDS)
    assert set(copies.voice) == {"copy"}
    for copy in copies.itertuples():
        original = originals.loc[copy.copy_of]
        same = ["speaker", "text", "split", "language", "source", "licence", "codec"]
        same += ["duration", "rate"]
        assert all(getattr(copy, name) == original[name] for name in same)
    for copy in copies.groupby("attack").head(2).itertuples():
        sounds = [read_samples(path) for path in (copy.path, originals.loc[copy.copy_of, "path"])]
        levels = [active_level(sound, 16000) for sound in sounds]
        assert levels[0] == pytest.approx(levels[1], abs=1)


def test_every_real_clip_is_copied(corpus):
    real = corpus[corpus["label"] == "bonafide"]
    copies = corpus[corpus["copy_of"] != ""]
    assert set(copies["copy_of"]) == set(real["name"])
    counts = copies.groupby(["split", "copy_of"]).size().groupby("split").unique()
    assert {split: list(found) for split, found in counts.items()} == {
        "train": [1],
        "dev": [2],
        "test": [2],
    }


def test_files_are_what_the_manifest_says(corpus):
    assert corpus["duration"].between(1, 3.71).all()
    assert corpus["rate"].between(16000, 24000).all() and corpus["rate"].nunique() > 1
    assert (corpus[["licence", "package", "language", "source", "codec"]] != "").all(axis=None)
    for row in corpus.sample(10, random_state=0).itertuples():
        clip = read_clip(row.path, row.rate)
        assert clip.seconds == pytest.approx(row.duration)
        assert not clip.flags


def test_engines_speak_at_levels_of_real_speech(corpus):
    test = corpus[corpus["split"] == "test"]
    real, engines = test[test["label"] == "bonafide"], test[test["attack"] == "espeak"]
    real, ours = (
        [active_level(x.samples, 16000) for x in manifest.clips(p)] for p in (real, engines)
    )
    assert min(real) - 1 < min(ours) and max(ours) < max(real) + 1


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
    assert not (tmp_path / "cut/.stages").exists()


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


def test_every_size_knows_its_sources_engines_and_vocoders():
    for size in SIZES.values():
        assert build._groups(size.caps, size.speech)
        assert set(size.copies["train"].vocoders) < set(size.copies["dev"].vocoders) < set(KINDS)
        assert set(size.copies["test"].vocoders) == set(KINDS)


def test_copies_that_fail_are_one_sentence(corpus, tmp_path):
    lost = corpus[corpus["label"] == "bonafide"].head(1).assign(path="lost.wav", split="train")
    (tmp_path / ".stages").mkdir()
    with pytest.raises(DataError, match="copies of train could not be made"):
        copied(lost, {"train": Copying(("lpc",), 1)}, tmp_path, 1, 0)


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
