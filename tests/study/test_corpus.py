import shutil

import pandas as pd
import pytest

from audio.clip import write_wav
from audio.manifest import load
from experiment.errors import DataError, UsageError
from experiment.run import Run
from study.config import StudyConfig
from study.corpus import prepare, require_both_classes


@pytest.fixture
def own(corpus, tmp_path):
    """A folder of one's own: real/ and fake/vocos/ by speaker, and a file that is no sound."""
    for row in corpus[corpus.attack.isin(["", "vocos"])].itertuples():
        parts = ["real"] if row.label == "bonafide" else ["fake", "vocos"]
        home = tmp_path.joinpath("own", *parts, row.speaker.replace(":", "-"))
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(row.path, home)
    (tmp_path / "own" / "real" / "broken.wav").write_text("no sound")
    return tmp_path / "own"


def test_own_recordings_are_split_by_speaker_and_rejects_are_listed(own, tmp_path):
    with Run.open(tmp_path / "run") as run:
        prepare(StudyConfig(data=str(own)), run)
        frame = load(run.path("corpus.parquet"))
        rejects = pd.read_csv(run.path("rejects.csv"))
    assert set(frame["split"]) == {"train", "dev", "test"}
    assert frame.groupby("speaker")["split"].nunique().max() == 1
    assert rejects["path"].str.endswith("broken.wav").tolist() == [True]
    assert "not audio" in rejects["reason"][0]


def test_a_split_with_one_class_is_refused_with_its_counts(corpus):
    bad = corpus[~((corpus.split == "dev") & (corpus.label == "spoof"))]
    n = (bad.split == "dev").sum()
    with pytest.raises(DataError, match=f"dev has {n} bonafide"):
        require_both_classes(bad)


def test_a_speaker_in_two_splits_is_refused(corpus, tmp_path):
    from audio.manifest import save

    bad = corpus.copy()
    bad.loc[bad.split == "test", "speaker"] = bad.loc[bad.split == "train", "speaker"].iloc[0]
    save(bad, tmp_path / "manifest.parquet")
    config = StudyConfig(data=str(tmp_path / "manifest.parquet"))
    with Run.open(tmp_path / "run") as run, pytest.raises(DataError, match="splits overlap"):
        prepare(config, run)


def test_a_published_data_set_keeps_its_splits(speech, tmp_path):
    folders = [f"{s}/{c}" for s in ("training", "validation", "testing") for c in ("real", "fake")]
    for folder, clip in zip(folders, speech, strict=False):
        write_wav(tmp_path / "for-norm" / folder / "a.wav", clip.samples)
    with Run.open(tmp_path / "run") as run:
        prepare(StudyConfig(data=str(tmp_path), dataset="for_norm"), run)
        frame = load(run.path("corpus.parquet"))
    assert frame["name"].str.startswith(tuple(folders)).all()
    assert frame.groupby("split")["label"].nunique().to_dict() == {"train": 2, "dev": 2, "test": 2}


def test_a_data_set_of_one_split_is_dealt_by_speaker(corpus, tmp_path):
    wild = tmp_path / "release_in_the_wild"
    wild.mkdir()
    chosen = corpus[corpus.attack.isin(["", "vocos"])].reset_index(drop=True)
    lines = ["file,speaker,label"]
    for row in chosen.itertuples():
        shutil.copy(row.path, wild / f"{row.Index}.wav")
        label = "bona-fide" if row.label == "bonafide" else "spoof"
        lines.append(f"{row.Index}.wav,{row.speaker.split(':')[-1]},{label}")
    (wild / "meta.csv").write_text("\n".join(lines))
    with Run.open(tmp_path / "run") as run:
        prepare(StudyConfig(data=str(wild), dataset="in_the_wild"), run)
        frame = load(run.path("corpus.parquet"))
    assert set(frame["split"]) == {"train", "dev", "test"}
    assert frame.groupby("speaker")["split"].nunique().max() == 1


def test_a_data_set_needs_its_folder():
    with pytest.raises(UsageError, match="name its folder"):
        StudyConfig(dataset="asvspoof5")
