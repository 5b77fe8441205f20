import dataclasses

import numpy as np
import pytest

from audio.clip import make_clip
from audio.frontends import LogMel, Waveform
from audio.manifest import clips
from detect.use import domain
from detect.use.detector import Detector
from detect.use.loading import SHIPPED, load
from experiment.errors import DataError

FRONT = LogMel()


@pytest.fixture(scope="module")
def features(corpus):
    return [
        FRONT.batch([clip.samples for clip in clips(corpus[corpus.split == split])])
        for split in ("train", "dev")
    ]


@pytest.fixture(scope="module")
def known(features):
    return domain.fit(*features)


def test_the_level_leaves_one_dev_clip_in_a_hundred_outside(known, features):
    outside = known.distance(features[1]) > known.level
    assert 0 < outside.mean() < 0.03
    assert np.median(known.distance(features[0])) == pytest.approx(1.1, abs=0.2)


def test_level_is_no_matter(known, speech):
    loud, soft = (known.distance(FRONT.batch([gain * speech[0].samples])) for gain in (1, 0.01))
    assert loud == pytest.approx(soft, abs=1e-3)


def test_a_waveform_is_measured_by_its_bands(speech):
    sounds = [clip.samples - clip.samples.mean() for clip in speech]
    waves, pictures = Waveform().batch(sounds), FRONT.batch(sounds)
    near = np.abs(domain.profiles(waves) - domain.profiles(pictures)) < 1e-2
    assert near.mean() > 0.98  # the lowest bands of a clip without a bass are rounding


def test_many_bands_are_averaged_and_clips_that_are_all_alike_are_no_fault():
    fine = np.random.default_rng(0).normal(size=(20, 9, 513, 1)).astype(np.float32)
    assert domain.profiles(fine).shape == (20, 3 * domain.BANDS)
    flat = np.zeros((5, 9, 20, 1), np.float32)
    found = domain.fit(flat, flat)
    assert np.isfinite(found.level) and np.isfinite(found.distance(fine[..., :20, :])).all()


def test_a_saved_domain_is_the_same_and_a_damaged_one_is_named(known, tmp_path):
    assert domain.Domain.load(tmp_path) is None
    known.save(tmp_path)
    again = domain.Domain.load(tmp_path)
    assert again.level == known.level
    assert np.array_equal(again.whiten, known.whiten)
    (tmp_path / domain.FILE).write_bytes(b"PK")
    with pytest.raises(DataError, match="domain.npz: damaged"):
        domain.Domain.load(tmp_path)


@pytest.fixture(scope="module")
def starter():
    return load("starter")


def test_the_shipped_detector_is_small_and_knows_speech_from_a_tone(starter, speech):
    size = sum(path.stat().st_size for path in (SHIPPED / "starter").iterdir())
    assert size < 3e6
    assert (starter.score(speech) > starter.threshold).mean() > 0.7
    inside = starter.domain.distance(starter.features(speech)) < starter.domain.level
    assert inside.mean() > 0.8
    tone = make_clip(0.3 * np.sin(np.arange(32000)))
    assert starter.domain.distance(starter.features([tone]))[0] > starter.domain.level


@pytest.mark.parametrize("kind", ["tone", "silence"])
def test_sound_of_another_kind_is_outside(starter, kind):
    tone = 0.3 * np.sin(2 * np.pi * 700 * np.arange(32000) / 16000)
    sounds = {"tone": tone, "silence": np.zeros(32000)}
    assert starter.domain.distance(FRONT.batch([sounds[kind]])) > starter.domain.level


def test_a_detector_takes_its_domain_along(starter, tmp_path, speech):
    starter.save(tmp_path)
    again = Detector.load(tmp_path)
    features = again.features(speech[:3])
    assert np.array_equal(again.domain.distance(features), starter.domain.distance(features))
    dataclasses.replace(starter, domain=None).save(tmp_path / "bare")
    assert Detector.load(tmp_path / "bare").domain is None
