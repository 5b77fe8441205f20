"""The field's baseline, wav2vec 2.0 and AASIST, by the line that docs/encoders.md gives for it."""

import json
import shlex
from pathlib import Path

import numpy as np
import pytest

from audio.manifest import few, load, save
from detect.use.detector import Detector
from encoders.selfsupervised import DEFAULTS
from experiment.seeds import rng
from fake_audio.commands import call
from tests.checkpoints import write_safetensors

pytestmark = pytest.mark.slow
PAGE = Path(__file__).parents[2] / "docs" / "encoders.md"
WIDTH, INNER, CHANNELS, BLOCKS = 16, 24, 8, 2
CONFIG = {
    "model_type": "wav2vec2", "hidden_size": WIDTH, "intermediate_size": INNER,
    "conv_dim": [CHANNELS] * 7, "num_hidden_layers": BLOCKS, "num_attention_heads": 2,
    "num_conv_pos_embeddings": 8, "num_conv_pos_embedding_groups": 4,
}  # fmt: skip


def shapes():
    """Return the shape of each tensor of an encoder of `CONFIG`, by its published name."""
    found = {}

    def layer(name, *shape, bias=True):
        found.update({f"{name}.weight": shape}, **({f"{name}.bias": shape[:1]} if bias else {}))

    for number, kernel in enumerate(DEFAULTS["conv_kernel"]):
        before = CHANNELS if number else 1
        layer(f"feature_extractor.conv_layers.{number}.conv", CHANNELS, before, kernel, bias=False)
    layer("feature_extractor.conv_layers.0.layer_norm", CHANNELS)
    layer("feature_projection.layer_norm", CHANNELS)
    layer("feature_projection.projection", WIDTH, CHANNELS)
    place = "encoder.pos_conv_embed.conv"
    found |= {f"{place}.weight_g": (1, 1, 8), f"{place}.weight_v": (WIDTH, 4, 8)}
    found[f"{place}.bias"] = (WIDTH,)
    layer("encoder.layer_norm", WIDTH)
    for number in range(BLOCKS):
        block = f"encoder.layers.{number}"
        for kind in ("q_proj", "k_proj", "v_proj", "out_proj"):
            layer(f"{block}.attention.{kind}", WIDTH, WIDTH)
        layer(f"{block}.layer_norm", WIDTH)
        layer(f"{block}.final_layer_norm", WIDTH)
        layer(f"{block}.feed_forward.intermediate_dense", INNER, WIDTH)
        layer(f"{block}.feed_forward.output_dense", WIDTH, INNER)
    return found


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    """Folder of a small wav2vec 2.0 of random weights, as the package `transformers` writes it."""
    folder = tmp_path_factory.mktemp("encoder")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    state = {
        name: (rng(0, name).normal(size=shape) / np.sqrt(shape[-1])).astype(np.float32)
        for name, shape in shapes().items()
    }
    write_safetensors(folder / "model.safetensors", state)
    return folder


@pytest.fixture(scope="module")
def manifest(corpus, tmp_path_factory):
    """Manifest of a few clips of each split and attack."""
    path = tmp_path_factory.mktemp("data") / "manifest.parquet"
    save(few(corpus, 2), path)
    return path


@pytest.fixture(scope="module")
def trained(encoder, manifest, tmp_path_factory):
    """Folder of the detector of the line in the docs, one epoch on clips of half a second."""
    out = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAKE_AUDIO_CACHE", str(tmp_path_factory.mktemp("cache")))
        asked = ["--out", out, "--epochs", 1, "--seconds", 0.5, "--options", '{"width": 8}']
        assert call("train-detector", [*baseline(manifest, encoder), *asked]) == 0
    return out / "aasist-0"


def baseline(manifest, encoder):
    """Return the arguments of the line in the docs, its data and its source ours."""
    [line] = [line for line in PAGE.read_text().splitlines() if "wav2vec2-xls-r-300m" in line]
    program, command, *words = shlex.split(line)
    assert (program, command) == ("fake-audio", "train-detector")
    for flag, value in (("--data", manifest), ("--source", encoder)):
        words[words.index(flag) + 1] = value
    return words


def test_the_baseline_of_the_field_is_one_line(trained):
    saved = json.loads((trained / "detector.json").read_text())
    assert saved["front_end"]["name"] == "wav2vec2" and saved["front_end"]["tuned"] == 0
    found = Detector.load(trained)
    assert found.network.name == "ssl_aasist" and found.network.input_shape == (None, 24, WIDTH)
    assert found.calibrated


def test_it_scores_by_what_its_encoder_says(trained, encoder, speech, tmp_path):
    found = Detector.load(trained)
    again = found.score(speech[:4])
    assert np.ptp(again) > 0
    found.save(tmp_path / "copy")
    np.testing.assert_allclose(Detector.load(tmp_path / "copy").score(speech[:4]), again, atol=1e-5)
    kept = trained / "encoder" / "model.safetensors"
    assert kept.read_bytes() == (encoder / "model.safetensors").read_bytes()


def test_it_is_judged_by_one_command(trained, manifest, capsys):
    words = ["--detector", trained, "--data", manifest, "--split", "test", "--json"]
    assert call("evaluate", words) == 0
    found = json.loads(capsys.readouterr().out)
    clips = int((load(manifest)["split"] == "test").sum())
    assert found["notes"][0] == f"{clips} clips scored, 0 could not be"
