import numpy as np
import pandas as pd
import pytest

from audio.clip import read_clip, write_wav
from audio.manifest import row, validate
from audio.partial import partial_fakes
from audio.segments import parse
from experiment.errors import DataError
from experiment.seeds import rng

RATE = 16000


@pytest.fixture
def pair(tmp_path):
    """A recording and its copy, which has three times the energy in the upper band."""
    sound = rng(0).normal(0, 0.1, 3 * RATE).astype(np.float32)
    rows = []
    for name, samples, label in (("a", sound, "bonafide"), ("a-vocos", sound[::-1], "spoof")):
        write_wav(tmp_path / f"{name}.wav", samples, RATE)
        kept = {"attack": "", "copy_of": ""}
        if label == "spoof":
            kept = {"attack": "vocos", "copy_of": "a"}
        clip = read_clip(tmp_path / f"{name}.wav", name=name)
        rows.append(row(clip, tmp_path / f"{name}.wav", label=label, split="test", **kept))
    return validate(pd.DataFrame(rows))


def test_a_partial_fake_is_its_original_outside_of_its_segments(pair, tmp_path):
    made = partial_fakes(pair, tmp_path / "partial").set_index("name")
    assert list(made["label"]) == ["bonafide", "spoof"]
    edges, spoof = parse(made.loc["a-vocos-partial", "segments"])
    real, fake = (read_clip(made.loc[name, "path"]).samples for name in made.index)
    places = (np.arange(len(real)) + 0.5) / RATE
    inside = spoof[np.searchsorted(edges, places) - 1]
    margin = 0.02  # of the cross-fades
    near = np.abs(places[:, None] - edges[None]).min(axis=1) < margin
    assert np.abs(real - fake)[~inside & ~near].max() < 1e-4
    assert np.abs(real - fake)[inside].max() > 0.05


def test_a_control_has_joints_and_nothing_fake(pair, tmp_path):
    made = partial_fakes(pair, tmp_path / "partial", control=True).set_index("name")
    control = made.loc["a-control"]
    assert control["label"] == "bonafide" and control["segments"] == ""
    assert control["copy_of"] == "a" and control["attack"] == ""
    real, other = (read_clip(made.loc[name, "path"]).samples for name in ("a", "a-control"))
    assert np.abs(np.abs(real) - np.abs(other)).max() < np.abs(real).max()
    turned = np.abs(real + other) < 1e-4
    same = np.abs(real - other) < 1e-4
    assert turned.mean() > 0.05 and same.mean() > 0.3 and (turned | same).mean() > 0.97


def test_without_pairs_there_is_nothing_to_splice(pair, tmp_path):
    with pytest.raises(DataError, match="none is a copy"):
        partial_fakes(pair[pair["label"] == "bonafide"], tmp_path / "partial")
