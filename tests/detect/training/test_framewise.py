"""Partial fakes with an artefact that anyone could hear: found where it is."""

import numpy as np
import pandas as pd
import pytest

from audio.clip import write_wav
from audio.manifest import row, validate
from audio.partial import partial_fakes
from audio.segments import parse
from detect.models.config import TrainConfig
from detect.training.framewise import targets, train_framewise
from detect.use.detector import Detector
from detect.use.localise import fake_stretches, frame_scores, localises
from detect.use.locating import localisation
from detect.use.verdict import verdict
from experiment.errors import DataError
from experiment.seeds import rng

SMALL = TrainConfig(
    epochs=6, patience=6, batch=8, learning_rate=5e-3,
    options={"width": 6, "blocks": 3, "context": 16},
)  # fmt: skip


def buzzing(samples):
    """Return a copy with a tone beside the speech, on every frame."""
    tone = np.sin(2 * np.pi * 3000 * np.arange(len(samples)) / 16000)
    return (samples + 0.3 * np.std(samples) * tone).astype(np.float32)


@pytest.fixture(scope="module")
def spliced(speech, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pairs")
    rows = []
    for k, clip in enumerate(speech[:24]):
        original = np.tile(clip.samples, 3)[:48000]
        split = ("train", "train", "train", "dev", "test", "train")[k % 6]
        shared = {"speaker": f"s{k}", "split": split, "copy_of": ""}
        for kind, samples in (("", original), ("buzz", buzzing(original))):
            path = folder / f"{k}{kind}.wav"
            write_wav(path, samples)
            from audio.clip import read_clip

            values = {**shared, "label": "spoof" if kind else "bonafide", "attack": kind}
            if kind:
                values["copy_of"] = f"c{k}"
            rows.append(row(read_clip(path, name=f"c{k}{kind}"), path, **values))
    return partial_fakes(validate(pd.DataFrame(rows)), folder / "partial")


@pytest.fixture(scope="module")
def detector(spliced, tmp_path_factory):
    parts = [spliced[spliced["split"] == split] for split in ("train", "dev")]
    folder = tmp_path_factory.mktemp("framewise")
    train_framewise(*parts, SMALL, folder=folder)
    return Detector.load(folder)


def test_targets_are_the_parts_of_the_truth(spliced, detector):
    part = spliced[spliced["label"] == "spoof"].head(3)
    real, weights = targets(detector.front_end, part)
    times = detector.front_end.times
    for wanted, text in zip(real, part["segments"], strict=True):
        edges, spoof = parse(text)
        middle = np.clip(np.searchsorted(edges, times) - 1, 0, len(spoof) - 1)
        inside = times < edges[-1] - 0.02
        assert np.mean((wanted > 0)[inside] == ~spoof[middle][inside]) > 0.97
    assert (weights[:, times > 3.05] == 0).all()
    with pytest.raises(DataError, match="all frames are bonafide"):
        targets(detector.front_end, spliced[spliced["label"] == "bonafide"])


def test_the_parts_are_found_on_other_clips(spliced, detector):
    found = localisation(detector, spliced[spliced["split"] == "test"])
    assert found["point_eer"] < 0.35
    assert found["range_eer"] < 0.35
    assert 0 < detector.training["frames"]["dev"]["f1"] <= 1


def test_frame_scores_cover_recordings_of_any_length(detector, speech):
    assert localises(detector)
    for seconds in (0.5, 4.0, 9.3):
        samples = np.tile(speech[0].samples, 20)[: round(seconds * 16000)]
        scores = frame_scores(detector, samples)
        assert len(scores) == len(samples) // 320 and np.isfinite(scores).all()


def test_a_long_recording_s_verdict_names_the_stretch(spliced, detector):
    from audio.clip import make_clip

    generator = rng(0, "long")
    real = np.tile(generator.standard_normal(16000) * 0.05, 12).astype(np.float32)
    real[5 * 16000 : 7 * 16000] = buzzing(real[5 * 16000 : 7 * 16000]) * 2
    told = verdict(detector, make_clip(real))
    assert told["fake"] == fake_stretches(detector, real)
