import dataclasses

import numpy as np
import pytest

from audio.clip import Clip
from audio.manifest import clips
from detect import MODELS, TrainConfig
from detect.evaluation.intervals import table
from detect.evaluation.metrics import eer_threshold, evaluate
from detect.training.optimise import Set, initialised, optimise
from detect.training.sampling import balance, order, versions
from detect.training.trainer import train
from detect.use.detector import Detector
from detect.use.features import of_manifest
from detect.use.scoring import score_manifest
from experiment.errors import DataError, UsageError

QUICK = TrainConfig(epochs=3, options={"width": 4})


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setattr("experiment.arrays.cache_folder", lambda *parts: folder)
        yield


@pytest.fixture(scope="module")
def parts(corpus):
    few = corpus.groupby(["split", "label"]).head(16)
    return [few[few.split == split] for split in ("train", "dev", "test")]


@pytest.fixture(scope="module")
def detector(parts):
    return train("cnn", *parts[:2], QUICK)


def test_scores_are_calibrated_and_the_threshold_is_that_of_dev(detector, parts):
    dev = parts[1]
    scores = detector.score(list(clips(dev)))
    real = (dev.label == "bonafide").to_numpy()
    assert detector.threshold == eer_threshold(scores[real], scores[~real])
    expected = evaluate(scores[real], scores[~real], detector.threshold)
    assert detector.training["dev"] == pytest.approx(expected)
    assert len(detector.training["curves"]) == 3


def test_training_learns(parts):
    found = train("mfcc_svm", *parts[:2])
    logits = found.logits(of_manifest(found.front_end, parts[0]))
    real = (parts[0].label == "bonafide").to_numpy()
    assert evaluate(logits[real], logits[~real])["auc"] > 0.9


def test_one_class_training_is_saved_with_its_cosine(parts, tmp_path):
    found = train("cnn", *parts[:2], dataclasses.replace(QUICK, loss="one_class"), folder=tmp_path)
    losses = [row["loss"] for row in found.training["curves"]]
    assert losses[-1] < losses[0]
    features = np.asarray(of_manifest(found.front_end, parts[1]))
    assert np.abs(found.logits(features)).max() <= 1 + 1e-6
    assert np.array_equal(Detector.load(tmp_path).logits(features), found.logits(features))


def test_the_network_of_the_svm_is_the_svm(parts):
    from sklearn.svm import SVC

    from detect.models.mfcc_svm import fit, statistics

    front_end = MODELS["mfcc_svm"].front_end
    features = np.asarray(of_manifest(front_end, parts[0]))
    real = (parts[0].label == "bonafide").to_numpy()
    x = statistics(features)
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-4)
    machine = SVC(class_weight="balanced").fit(x, real)
    network = fit(features, real, seed=0)
    ours = network(features, training=False).numpy()[:, 0]
    assert np.allclose(ours, machine.decision_function(x), atol=1e-3)


def test_the_same_seed_gives_the_same_detector_bit_for_bit(detector, parts):
    assert train("cnn", *parts[:2], QUICK).digest == detector.digest
    assert train("cnn", *parts[:2], QUICK, seed=1).digest != detector.digest


def test_an_interrupted_training_ends_with_the_same_numbers(parts, tmp_path):
    sets = [
        Set(
            np.asarray(of_manifest(MODELS["cnn"].front_end, part)),
            (part.label == "bonafide").to_numpy(),
        )
        for part in parts[:2]
    ]

    def run(path, fail_at=None):
        with initialised(5):
            network = MODELS["cnn"].build(sets[0].features.shape[1:], width=4)
        train_set = sets[0] if fail_at is None else Failing(sets[0], fail_at)
        curves = optimise(network, train_set, sets[1], QUICK, 5, path)
        return network.get_weights(), curves

    whole, curves = run(tmp_path / "whole.npz")
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut.npz", fail_at=2)
    assert (tmp_path / "cut.npz").exists()
    resumed, again = run(tmp_path / "cut.npz")
    assert again == curves
    assert all(np.array_equal(a, b) for a, b in zip(whole, resumed, strict=True))


class Failing:
    """A training set that is interrupted after a number of batches."""

    def __init__(self, inner, batches):
        self.inner, self.left, self.steps = inner, batches, inner.steps

    def batches(self, *which):
        for batch in self.inner.batches(*which):
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            yield batch


def test_a_folder_holds_one_training(detector, parts, tmp_path):
    first = train("cnn", *parts[:2], QUICK, folder=tmp_path)
    assert first.digest == detector.digest
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["detector.json", "domain.npz", "network.keras"]
    assert train("cnn", *parts[:2], QUICK, folder=tmp_path, resume=True).digest == first.digest
    with pytest.raises(UsageError, match="pass resume"):
        train("cnn", *parts[:2], QUICK, folder=tmp_path)
    with pytest.raises(UsageError, match="trained otherwise"):
        train("cnn", *parts[:2], QUICK, seed=9, folder=tmp_path, resume=True)


def test_a_trained_detector_survives_saving(detector, parts, tmp_path):
    detector.save(tmp_path)
    again = Detector.load(tmp_path)
    some = list(clips(parts[2].head(3)))
    assert np.array_equal(again.score(some), detector.score(some))
    assert (again.threshold, again.calibration) == (detector.threshold, detector.calibration)
    assert again.training == detector.training


def test_one_clip_scores_as_in_a_batch(detector, parts):
    some = list(clips(parts[2].head(8)))
    alone = [detector.score([clip])[0] for clip in some]
    assert np.allclose(alone, detector.score(some), atol=1e-4)
    assert detector.score([]).shape == (0,)


def test_scores_of_a_manifest_make_a_table(detector, parts):
    scores = score_manifest(detector, parts[2])
    rows = table(scores, repeats=10)
    assert set(rows["group"]) == {"all", "seen", "unseen", *parts[2]["attack"]} - {""}
    assert detector.training["attacks"] == sorted(set(parts[0].attack) - {""})


def test_another_rate_is_refused_with_both_rates(detector):
    clip = Clip(np.zeros(100, np.float32), 8000, "", name="x")
    with pytest.raises(DataError, match="8000 Hz, the detector at 16000 Hz"):
        detector.score([clip])


def test_features_of_another_front_end_are_refused_with_both_shapes(detector):
    with pytest.raises(DataError, match=r"\(3, 4, 1\).*\(126, 64, 1\)"):
        detector.logits(np.zeros((2, 3, 4, 1), np.float32))


@pytest.mark.parametrize("name", ["network.keras", "detector.json"])
def test_a_damaged_or_missing_file_is_named(detector, name, tmp_path):
    detector.save(tmp_path)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=f"{name}: damaged"):
        Detector.load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(DataError, match=name):
        Detector.load(tmp_path)


def test_a_split_with_one_class_is_refused(parts):
    real = parts[0][parts[0].label == "bonafide"]
    with pytest.raises(DataError, match="training set: 16 bona fide and 0 spoof"):
        train("cnn", real, parts[1])
    with pytest.raises(DataError, match="development set"):
        train("cnn", parts[0], real)


def test_unusable_settings_are_refused(parts):
    with pytest.raises(UsageError, match="unknown detector 'oracle'; choose one of: cnn"):
        train("oracle", *parts[:2])
    with pytest.raises(UsageError, match="unknown loss"):
        train("cnn", *parts[:2], dataclasses.replace(QUICK, loss="hinge"))
    with pytest.raises(UsageError, match="epochs must be positive"):
        TrainConfig(epochs=0)


def test_a_training_that_diverges_says_so(parts):
    with pytest.raises(DataError, match="diverged in epoch"):
        train("cnn", *parts[:2], dataclasses.replace(QUICK, learning_rate=1e30))


def test_classes_are_balanced():
    real = np.array([True, False, False, False])
    weights = balance(real)
    assert weights[real].sum() == pytest.approx(weights[~real].sum())
    assert weights.mean() == pytest.approx(1)


LOPSIDED = np.arange(100) % 10 == 0  # ten bona fide clips of a hundred


def test_sampling_shows_both_classes_as_often_and_no_clip_far_more_than_others():
    rows = order(LOPSIDED, "sampling", 0, 0)
    assert len(rows) == 100 and LOPSIDED[rows].sum() == 50
    counts = np.bincount(rows, minlength=100)
    assert set(counts[LOPSIDED]) == {5} and counts[~LOPSIDED].max() == 1
    assert not np.array_equal(rows, order(LOPSIDED, "sampling", 0, 1))
    assert sorted(order(LOPSIDED, "weights", 0, 0)) == list(range(100))


def test_balance_by_augmentation_repeats_no_clip_as_it_is():
    rows = order(LOPSIDED, "augmentation", 0, 0)
    shown = versions(rows, "augmentation", 3, 0, 0)
    assert np.unique(rows[shown == 0], return_counts=True)[1].max() == 1
    assert (shown == 0).sum() == len(np.unique(rows))
    assert shown.max() == 3
    assert set(versions(np.arange(100), "weights", 2, 0, 0)) == {0, 1, 2}
    assert not versions(rows, "sampling", 0, 0, 0).any()


@pytest.mark.parametrize(
    "how",
    [
        {"balance": "sampling"},
        {"balance": "augmentation", "augment": {"noise": {}}, "copies": 1},
        {"augment": {"level": {}, "cut": {}, "specaugment": {}}, "copies": 2},
        {"precision": "mixed_bfloat16"},
        pytest.param({"precision": "mixed_float16"}, marks=pytest.mark.slow),
    ],
    ids=["sampling", "augmentation", "masks", "bfloat16", "float16"],
)
def test_every_way_to_train_repeats_bit_for_bit_and_is_kept(how, parts, detector, tmp_path):
    config = dataclasses.replace(QUICK, epochs=1, **how)
    first = train("cnn", *parts[:2], config, folder=tmp_path)
    assert first.digest != detector.digest
    assert train("cnn", *parts[:2], config).digest == first.digest
    again = Detector.load(tmp_path)
    assert again.digest == first.digest
    assert {layer.compute_dtype for layer in again.network.layers} == {"float32"}


def test_copies_are_the_augmented_clips(parts):
    from audio.augment import augmented
    from detect.training.trainer import _copies

    config = dataclasses.replace(QUICK, augment={"noise": {"low": 0, "high": 0}}, copies=2)
    front_end = MODELS["cnn"].front_end
    few = parts[0].head(3)
    found = _copies(front_end, few, config, seed=7)
    clip = next(clips(few))
    expected = front_end(augmented(clip, config.sound, 7, 2))
    assert len(found) == 2 and np.array_equal(found[1][0], expected)


def test_unusable_ways_to_train_are_refused():
    for how, message in (
        ({"balance": "luck"}, "balance is one of weights, sampling, augmentation"),
        ({"precision": "int4"}, "precision is one of"),
        ({"augment": {"echo": {}}}, "unknown augmentation 'echo'"),
        ({"balance": "augmentation", "augment": {"specaugment": {}}}, "needs augmentations"),
    ):
        with pytest.raises(UsageError, match=message):
            TrainConfig(**how)
