import shutil

import pandas as pd
import pytest

from audio.manifest import load
from experiment.errors import DataError
from experiment.run import Run
from study.config import StudyConfig
from study.corpus import prepare, require_both_classes


@pytest.fixture
def own(corpus, tmp_path):
    """A folder of one's own: real/ and fake/world/ by speaker, and a file that is no sound."""
    for row in corpus[corpus.attack.isin(["", "world"])].itertuples():
        parts = ["real"] if row.label == "bonafide" else ["fake", "world"]
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
