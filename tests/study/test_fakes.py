from audio.manifest import load
from experiment.run import Run
from study import fakes
from study.config import StudyConfig


def test_a_shipped_generator_needs_no_training(tmp_path):
    config = StudyConfig(fakes=3, test_fakes=2)
    with Run.open(tmp_path / "run", {}) as run:
        facts = fakes.prepare(config, None, run)
        made = load(fakes.generate(config, run))
    assert facts["shipped"] and facts["steps"] > 0
    assert made["split"].value_counts().to_dict() == {"train": 3, "test": 2}
    assert made["attack"].unique() == ["wavegan-starter"]
    assert made["name"].is_unique
