import numpy as np
import pandas as pd
import pytest
import soundfile

from audio.manifest import load, save
from experiment.run import Run
from study import fakes
from study.config import StudyConfig


@pytest.fixture
def run(corpus, tmp_path):
    """A run that has the smallest corpus."""
    with Run.open(tmp_path / "run", {}) as run:
        save(corpus.drop(columns="seen"), run.path("corpus.parquet"))
        yield run


def test_a_shipped_generator_needs_no_training(run):
    config = StudyConfig(generator="wavegan-starter", fakes=3, test_fakes=2)
    facts = fakes.prepare(config, run)
    made = load(fakes.generate(config, run))
    assert facts["shipped"] and facts["steps"] > 0
    counts = made.groupby(["split", "attack"]).size().to_dict()
    assert counts == {
        ("train", "wavegan-starter"): 3,
        ("test", "wavegan-starter"): 2,
        ("test", "specgan-starter"): 2,
    }
    assert made["name"].is_unique


def test_a_generator_is_trained_and_speaks(run):
    size = {"gan_steps": 2, "gan_dim": 4, "gan_batch": 2}
    config = StudyConfig(
        generator="wavegan", second="specgan-starter", **size, fakes=2, test_fakes=2
    )
    facts = fakes.prepare(config, run)
    assert (facts["shipped"], facts["steps"], facts["dim"]) == (False, 2, 4)
    made = load(fakes.generate(config, run))
    counts = made.groupby(["split", "attack"]).size().to_dict()
    assert counts == {
        ("train", "wavegan"): 2,
        ("test", "wavegan"): 2,
        ("test", "specgan-starter"): 2,
    }


def test_a_vocoder_copies_the_real_speech_of_the_split(run, corpus):
    config = StudyConfig(generator="griffinlim", second="lpc", fakes=4, test_fakes=3)
    assert fakes.prepare(config, run)["steps"] == 0
    made = load(fakes.generate(config, run))
    copies = made[made["label"] == "spoof"]
    counts = copies.groupby(["split", "attack"]).size().to_dict()
    assert counts == {
        ("train", "griffinlim-copies"): 4,
        ("test", "griffinlim-copies"): 3,
        ("test", "lpc-copies"): 3,
    }
    real = corpus.set_index("name")
    for copy in copies.itertuples():
        assert real.loc[copy.copy_of, "label"] == "bonafide"
        assert copy.split == real.loc[copy.copy_of, "split"]
        assert copy.speaker == real.loc[copy.copy_of, "speaker"]
    assert set(copies["source"]) == {"gan"}


def test_clips_that_are_made_up_stand_beside_copies(run):
    config = StudyConfig(generator="wavegan-starter", second="lpc", fakes=2, test_fakes=2)
    made = load(fakes.generate(config, run))
    fake = made[made["label"] == "spoof"]
    counts = fake.groupby(["split", "attack"]).size().to_dict()
    assert counts == {
        ("train", "wavegan-starter"): 2,
        ("test", "wavegan-starter"): 2,
        ("test", "lpc-copies"): 2,
    }
    assert (fake.loc[fake["attack"] == "wavegan-starter", "copy_of"] == "").all()


def test_originals_are_heard_as_they_were_written(run, corpus):
    config = StudyConfig(generator="griffinlim", second="lpc", fakes=4, test_fakes=3)
    whole = fakes.joined(corpus, load(fakes.generate(config, run)))
    assert len(whole) == len(corpus) + 4 + 2 * 3 and whole["name"].is_unique
    originals = whole[whole["name"].isin(whole.loc[whole["source"] == "gan", "copy_of"])]
    assert len(originals) == 7 and originals["path"].str.contains("original").all()
    before = corpus.set_index("name")["path"]
    for row in originals.itertuples():
        ours, theirs = soundfile.read(row.path)[0], soundfile.read(before[row.name])[0]
        gain = ours @ theirs / (theirs @ theirs)  # below 1 where a copy would pass full scale
        assert 0.7 < gain < 1.001
        assert np.corrcoef(ours, theirs)[0, 1] > 0.9999
    pd.testing.assert_series_equal(whole["speaker"].head(len(corpus)), corpus["speaker"])
