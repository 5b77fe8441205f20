import dataclasses

import numpy as np
import pandas as pd
import pytest

from audio.clip import write_wav
from audio.frontends import LFCC, LogMel
from detect import TrainConfig
from detect.training import fresh, pairs
from detect.training.ability import ability
from detect.training.fresh import Fresh
from detect.training.losses import contrastive
from detect.training.trainer import train
from detect.training.views import heard as features_heard
from detect.use.detector import Detector
from detect.use.features import of_manifest
from experiment.errors import UsageError

FRONT_END = LogMel(seconds=1.0, bands=16)
PAIRED = TrainConfig(
    epochs=2, batch=8, pairs=1, contrast=0.1, present=("none", "noise"), lengths=(0.5, 2.0),
    prior=0.2, costs=(1.0, 2.0), stop="auc", options={"width": 4},
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setattr("experiment.arrays.cache_folder", lambda *parts: folder)
        yield


@pytest.fixture(scope="module")
def frame(speech, tmp_path_factory):
    """Twenty real clips and two copies of each, whose spectrum is that of noise."""
    folder, rows = tmp_path_factory.mktemp("pairs"), []
    for k, clip in enumerate(speech[:20]):
        noise = np.random.default_rng(k).standard_normal(len(clip.samples)).astype(np.float32)
        for copy, sound in enumerate([clip.samples, 0.1 * noise, 0.1 * np.sign(noise)]):
            name = f"{k:02}-{copy}"
            write_wav(folder / f"{name}.wav", sound, clip.rate)
            rows.append(
                {
                    "name": name, "path": str(folder / f"{name}.wav"), "attack": "x" * copy,
                    "label": "spoof" if copy else "bonafide", "speaker": str(k), "text": "",
                    "source": str(k % 2), "split": "dev" if k % 4 == 3 else "train",
                    "copy_of": f"{k:02}-0" if copy else "", "duration": clip.seconds,
                    "rate": clip.rate,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def heard(frame):
    part = frame[frame.split == "train"]
    return Fresh.of(FRONT_END, part, (part.label == "bonafide").to_numpy(), together=True), part


def test_families_hold_originals_and_their_copies(frame):
    found = pairs.families(frame.sample(frac=1, random_state=0).reset_index(drop=True))
    assert len(found) == 20 and all(len(rows) == 3 for rows in found.values())
    assert set(map(len, pairs.families(frame[frame.label == "spoof"]).values())) == {2}
    assert len(pairs.families(frame.drop(columns="copy_of"))) == 60


def test_a_batch_holds_originals_with_their_copies(heard):
    one, part = heard
    copies = part["copy_of"].tolist()
    names = part["name"].tolist()
    for epoch in range(3):
        batches = pairs.plan(one.members, one.real, 1, 8, 0, epoch)
        assert len(batches) == one.steps(PAIRED) == 3
        shown = [row for batch in batches for _, rows in batch for row in rows]
        assert len(shown) == len(set(shown)) == 24
        for batch in batches:
            for name, (real, copy) in batch:
                assert names[real] == name == copies[copy]


def test_weights_let_both_classes_count_the_same_in_what_is_shown(heard):
    one, _ = heard
    for copies in (1, 2):
        weights = pairs.balance(one.members, one.real, copies)
        assert weights[one.real].sum() == pytest.approx(weights[~one.real].sum() * copies / 2)


def test_a_pair_gets_the_same_stretch_and_presentation(heard, monkeypatch):
    one, part = heard
    chains, stretches = [], []
    known, cut = fresh.presented, type(one.sounds).stretch

    def listen(chain, sounds, rate):
        chains.append((str(chain), len(sounds)))
        return known(chain, sounds, rate)

    def watch(self, row, start, length):
        stretches.append((start, length))
        return cut(self, row, start, length)

    monkeypatch.setattr(fresh, "presented", listen)
    monkeypatch.setattr(type(one.sounds), "stretch", watch)
    for epoch in (0, 1):
        for name, rows in one.members:
            one._family(name, rows, PAIRED, 0, epoch)
    assert [n for _, n in chains] == [3] * 2 * len(one.members)
    assert [stretches[k] for k in range(0, len(stretches), 3)] == stretches[1::3] == stretches[2::3]
    first, second = chains[: len(one.members)], chains[len(one.members) :]
    assert first != second
    assert len(set(stretches)) > len(one.members)


def test_batches_do_not_depend_on_the_number_of_threads(heard, monkeypatch):
    one, _ = heard
    many = list(one.batches(PAIRED, 3, 1))
    monkeypatch.setattr("experiment.threads.cores", lambda: 1)
    alone = list(one.batches(PAIRED, 3, 1))
    for left, right in zip(many, alone, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(left, right, strict=True))
    other = next(iter(one.batches(PAIRED, 3, 2)))
    assert not np.array_equal(many[0][0], other[0])


def test_clips_of_any_length_give_features_of_one_shape(heard):
    one, _ = heard
    config = dataclasses.replace(PAIRED, lengths=(0.01, 10.0))
    for features, real, weights in one.batches(config, 0, 0):
        assert features.shape == (len(real), *FRONT_END.shape) and np.isfinite(features).all()
        assert len(weights) == len(real)


def test_dev_is_heard_as_it_is_and_presented(frame):
    part = frame[frame.split == "dev"]
    config = TrainConfig(present=("noise",), lengths=(0.5, 0.5))
    features, views = features_heard(FRONT_END, part, config, 0)
    plain = of_manifest(FRONT_END, part)
    assert np.array_equal(features[: len(part)], plain)
    assert not np.array_equal(features[len(part) :], plain)
    assert views["label"].tolist() == part["label"].tolist() * 2
    assert features_heard(FRONT_END, part, TrainConfig(), 0)[1] is part
    more, views = features_heard(FRONT_END, part, config, 0, (1, 2))
    assert len(more) == len(views) == 3 * len(part) and views["name"].is_unique


def test_the_contrastive_loss_has_its_known_answer():
    import tensorflow as tf

    vectors = tf.constant([[1.0, 0], [2.0, 0], [0, 1.0], [0, 3.0]])
    real = tf.constant([1.0, 1, 0, 0])
    expected = -np.log(np.exp(1) / (np.exp(1) + 2))
    assert float(contrastive(vectors, real, temperature=1.0)) == pytest.approx(expected, abs=1e-6)
    mixed = tf.constant([1.0, 0, 1, 0])
    assert float(contrastive(vectors, mixed, 1.0)) > expected
    assert float(contrastive(vectors[:2], tf.constant([1.0, 0]), 1.0)) == 0


def test_training_on_pairs_repeats_and_is_kept(frame, tmp_path):
    parts = frame[frame.split == "train"], frame[frame.split == "dev"]
    first = train("cnn", *parts, PAIRED, front_end=FRONT_END, folder=tmp_path)
    assert train("cnn", *parts, PAIRED, front_end=FRONT_END).digest == first.digest
    assert first.training["ability"]["auc"] == first.training["dev"]["auc"]
    again = train("cnn", *parts, PAIRED, front_end=FRONT_END, folder=tmp_path, resume=True)
    assert again.digest == first.digest
    assert Detector.load(tmp_path).training["config"]["pairs"] == 1


def test_ability_is_told_from_chance():
    generator = np.random.default_rng(0)
    label = np.repeat(["bonafide", "spoof"], 60)
    frame = pd.DataFrame({"label": label, "speaker": "", "name": [f"{k}" for k in range(120)]})
    lucky = ability(frame.assign(score=generator.standard_normal(120)))
    able = ability(frame.assign(score=generator.standard_normal(120) + (label == "bonafide") * 2))
    assert not lucky["learned"] and lucky["low"] < 0.5 < lucky["high"]
    assert able["learned"] and able["low"] > 0.8


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"present": ("echo",)}, "unknown presentation 'echo'"),
        ({"lengths": (2.0, 1.0)}, "lengths are a shortest and a longest"),
        ({"prior": 1.0}, "prior must lie between 0 and 1"),
        ({"alarms": 1.0}, "alarms must lie between 0 and 1"),
        ({"costs": (1.0, 0.0)}, "costs are two positive numbers"),
        ({"pairs": -1}, "must not be negative"),
        ({"stop": "luck"}, "stop is one of loss, auc"),
        ({"pairs": 1, "augment": {"noise": {}}}, "name presentations instead"),
    ],
)
def test_unusable_ways_to_train_on_pairs_are_refused(how, message):
    with pytest.raises(UsageError, match=message):
        TrainConfig(**how)


def test_a_model_in_closed_form_hears_presented_clips_too(frame, tmp_path):
    parts = frame[frame.split == "train"], frame[frame.split == "dev"]
    config = TrainConfig(copies=1, present=("noise",), lengths=(0.5, 1.0), alarms=0.2)
    front_end = LFCC(seconds=1.0, orders=0)
    found = train("lfcc_stats", *parts, config, front_end=front_end, folder=tmp_path)
    again = train("lfcc_stats", *parts, config, front_end=front_end)
    assert again.digest == found.digest
    plain = train("lfcc_stats", *parts, TrainConfig(), front_end=front_end)
    assert plain.digest != found.digest
