"""A small experiment: clips of every split and attack, and stand-ins for generated ones."""

import pandas as pd
import pytest

from experiment.run import Run
from study.config import StudyConfig

FIRST, SECOND = "wavegan-starter", "specgan-starter"


@pytest.fixture(scope="session")
def manifest(corpus):
    """At most a dozen clips of each split and attack; some fakes stand in for generated ones."""
    few = corpus.groupby(["split", "attack"]).head(12)
    made = [_as_generated(few, FIRST, "train"), _as_generated(few, FIRST, "test")]
    return pd.concat([few, *made, _as_generated(few, SECOND, "test")], ignore_index=True)


def _as_generated(frame, generator, split):
    chosen = frame[(frame["label"] == "spoof") & (frame["split"] == split)].head(12)
    return chosen.assign(
        name=f"{generator}-" + chosen["name"],
        speaker=f"{generator}:" + chosen["name"],
        attack=generator,
        source="gan",
    )


@pytest.fixture(scope="session")
def settings():
    """Settings of an experiment that takes seconds."""
    names = {"generator": FIRST, "second": SECOND, "embedding": "logmel"}
    sizes = {"distance_clips": 10, "epochs": 1, "seeds": 2, "repeats": 20, "samples": 30}
    return StudyConfig(**names, **sizes, detectors=("mfcc_svm",), explained_detector="mfcc_svm")


@pytest.fixture
def run(tmp_path):
    """An empty run."""
    with Run.open(tmp_path / "run") as run:
        yield run


@pytest.fixture(scope="module")
def shared_run(tmp_path_factory):
    """An empty run that the tests of a module share."""
    with Run.open(tmp_path_factory.mktemp("shared") / "run") as run:
        yield run
