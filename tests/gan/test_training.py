import dataclasses
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from experiment.errors import DataError, UsageError
from experiment.run import Run
from gan import checkpoint, generation
from gan.training import train

RESUME = """
import sys
import numpy as np
from gan import checkpoint
from gan.config import GanConfig
from gan.training import train
data, folder, model = sys.argv[1:]
config = GanConfig(
    model=model, dim=2, batch=4, critic_steps=2, check_every=2, deterministic=True, r1_every=2
)
once, twice = folder + "/once", folder + "/twice"
train(config, data, once, steps=4)

scores = iter([1.0])
def score(generator):
    for value in scores:
        return value
    raise KeyboardInterrupt

try:
    train(config, data, twice, steps=4, score=score)
    sys.exit("not interrupted")
except KeyboardInterrupt:
    assert checkpoint.load(twice + "/checkpoint.npz")[1]["step"] == 2
train(config, data, twice, steps=4, resume=True)
first, second = (checkpoint.load(f"{name}/checkpoint.npz")[0] for name in (once, twice))
assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
"""


@pytest.mark.slow
@pytest.mark.parametrize("model", ["wavegan", "logmelgan"])
def test_an_interrupted_training_goes_on_bit_by_bit(model, speech_folder, tmp_path):
    subprocess.run([sys.executable, "-c", RESUME, speech_folder, tmp_path, model], check=True)


def test_a_run_leaves_what_it_promises(trained):
    names = {str(p.relative_to(trained)) for p in trained.rglob("*") if p.is_file()}
    assert {
        "DONE",
        "config.json",
        "environment.json",
        "metrics.csv",
        "checks.csv",
        "rejects.csv",
        "checkpoint.npz",
        "generator/model.json",
        "generator/weights.npz",
        "previews/step-00000002.png",
        "previews/step-00000002.wav",
        "previews/step-00000004.png",
    } <= names
    metrics = pd.read_csv(trained / "metrics.csv")
    assert metrics.step.max() == 4
    assert {"critic", "separation", "penalty", "generator", "iteration", "waiting"} <= set(metrics)
    assert np.isfinite(metrics).all(axis=None)
    checks = pd.read_csv(trained / "checks.csv")
    assert checks.step.tolist() == [2, 4]
    assert {"silent", "clicks", "tone", "spread", "nearest"} <= set(checks)


def test_tensorboard_has_numbers_and_sound(trained):
    import tensorflow as tf

    events = [
        value
        for path in (trained / "tensorboard").iterdir()
        for event in tf.compat.v1.train.summary_iterator(str(path))
        for value in event.summary.value
    ]
    plugins = {value.tag: value.metadata.plugin_data.plugin_name for value in events}
    assert plugins["train/critic"] == plugins["check/spread"] == "scalars"
    assert plugins["preview"] == "audio"
    sound = next(value for value in events if value.tag == "preview").tensor.string_val[0]
    assert sound[:4] == b"RIFF"


def test_a_finished_training_has_nothing_left_to_do(config, speech, trained):
    before = (trained / "checkpoint.npz").read_bytes()
    outcome = train(config, speech, trained, steps=4, resume=True)
    assert (outcome.step, outcome.reason) == (4, "steps")
    assert (trained / "checkpoint.npz").read_bytes() == before


def test_time_ends_a_training_in_a_run_that_is_already_open(eager, config, speech, tmp_path):
    with Run.open(tmp_path / "run", {"of": "another"}) as run:
        outcome = train(config, speech, run, steps=10**6, seconds=1e-3)
        assert not run.done
    assert outcome.reason == "time"
    assert generation.load(outcome.folder).note["step"] == outcome.step == 1


def test_existing_and_busy_runs_are_refused(config, speech, trained):
    with pytest.raises(UsageError, match="--resume"):
        train(config, speech, trained, steps=4)
    with Run.open(trained, config, resume=True), pytest.raises(UsageError, match="in use"):
        train(config, speech, trained, steps=4, resume=True)


def test_resuming_needs_the_same_audio_and_configuration(config, speech, trained):
    with pytest.raises(DataError, match="has changed"):
        train(config, speech[:-1], trained, steps=6, resume=True)
    other = dataclasses.replace(config, seed=1)
    with pytest.raises(UsageError, match="seed"):
        train(other, speech, trained, steps=6, resume=True)


def test_a_damaged_checkpoint_is_named(config, speech, trained, tmp_path):
    with Run.open(tmp_path / "run", config) as run:
        whole = (trained / "checkpoint.npz").read_bytes()
        run.path("checkpoint.npz").write_bytes(whole[: len(whole) // 2])
        with pytest.raises(DataError, match="damaged"):
            train(config, speech, run, steps=4)


def spoil(trained, folder, config, shapes, value):
    """Copy a run with its weights of some shapes replaced by a value."""
    with Run.open(folder, config):
        pass
    shutil.copytree(trained / "generator", folder / "generator")
    arrays, note = checkpoint.load(trained / "checkpoint.npz")
    spoilt = [np.full_like(a, value) if a.shape in shapes else a for a in arrays]
    checkpoint.save(folder / "checkpoint.npz", spoilt, note)
    return (folder / "checkpoint.npz").read_bytes()


def test_divergence_stops_and_keeps_the_last_good_checkpoint(
    eager, config, speech, trained, tmp_path
):
    before = spoil(trained, tmp_path, config, [(25, 1, 2)], np.nan)
    outcome = train(config, speech, tmp_path, steps=9, resume=True)
    assert (outcome.reason, outcome.step) == ("divergence", 4)
    assert "not finite" in outcome.findings[0]
    assert (tmp_path / "checkpoint.npz").read_bytes() == before
    assert np.isfinite(generation.load(tmp_path).generate(2, 0)).all()


def test_a_generator_that_falls_silent_is_stopped(eager, config, speech, trained, tmp_path):
    quiet = dataclasses.replace(config, patience=2, check_every=1, learning_rate=1e-9)
    before = spoil(trained, tmp_path, quiet, [(25, 1, 2), (25, 2, 1)], 0)
    outcome = train(quiet, speech, tmp_path, steps=9, resume=True)
    assert (outcome.reason, outcome.step) == ("silence", 4)
    assert "silence" in outcome.findings[0]
    assert (tmp_path / "checkpoint.npz").read_bytes() == before
    assert np.abs(generation.load(tmp_path).generate(2, 0)).max() > 1e-3


def test_the_best_score_is_kept_and_a_stalled_one_stops(eager, config, speech, tmp_path):
    scores = iter([3.0, 1.0, 2.0, 2.0])
    choosy = dataclasses.replace(config, critic_steps=1, check_every=1, patience=2)
    shapes = []

    def score(generator):
        shapes.append(generator.generate(5, seed=1).shape)
        return next(scores)

    outcome = train(choosy, speech, tmp_path / "run", steps=50, score=score)
    assert outcome.reason == "score"
    assert generation.load(outcome.folder).note["step"] == 2
    assert set(shapes) == {(5, 16384)}
    assert pd.read_csv(outcome.folder / "checks.csv").score.tolist() == [3, 1, 2, 2]


def test_a_conditional_specgan_trains_from_a_manifest(eager, config, corpus, tmp_path):
    real = corpus[corpus.label == "bonafide"].head(16)
    spec = dataclasses.replace(config, model="specgan", label="speaker", precision="auto")
    outcome = train(spec, real, tmp_path / "run", steps=1)
    generator = generation.load(outcome.folder)
    assert generator.classes == tuple(sorted(real.speaker.unique()))
    assert generator.generate(2, 0, generator.classes[0]).shape == (2, 16384)
