import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from encoders import open_encoder
from encoders.layers import distances
from experiment.errors import DataError, UsageError

ANSWERS = Path(__file__).parents[1] / "known_answers" / "encoders"
KINDS = sorted(path.parent.name for path in ANSWERS.glob("*/answer.npz"))


def opened(kind, folder=ANSWERS):
    return open_encoder(kind.partition("_")[0], folder / kind)


def copied(kind, folder, **changes):
    """Copy an encoder's folder, its configuration changed."""
    shutil.copytree(ANSWERS / kind, folder / kind)
    config = folder / kind / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), **changes}))
    return folder


def answer(kind):
    with np.load(ANSWERS / kind / "answer.npz") as kept:
        return kept["samples"], kept["states"]


def test_every_kind_has_an_answer():
    assert len(KINDS) == 7 and {kind.partition("_")[0] for kind in KINDS} == {
        "wav2vec2",
        "hubert",
        "wavlm",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_hidden_states_are_those_of_transformers(kind):
    samples, expected = answer(kind)
    found = opened(kind).states(samples, every=True)
    assert np.abs(found - expected).max() < 1e-4


@pytest.mark.parametrize("kind", ["wav2vec2_pre", "wavlm_post"])
def test_a_block_is_the_full_networks_hidden_state(kind):
    samples, expected = answer(kind)
    encoder = opened(kind)
    for block in range(encoder.blocks + 1):
        assert np.abs(encoder.states(samples, block) - expected[:, block]).max() < 1e-4
        rest = encoder.network(samples.shape[1], first=block)(expected[:, block])
        if block < encoder.blocks:
            assert np.abs(rest - expected[:, -1]).max() < 1e-4


def test_the_state_of_a_model_with_a_head_loads_too(tmp_path):
    from experiment.tensors import read_tensors

    kind = "wav2vec2_post"
    samples, expected = answer(kind)
    folder = copied(kind, tmp_path)
    path = folder / kind / "model.safetensors"
    tensors = {f"wav2vec2.{key}": value for key, value in read_tensors(path).items()}
    tensors["lm_head.weight"] = np.zeros((4, 8), np.float32)
    path.write_bytes(safetensors(tensors))
    assert np.abs(opened(kind, folder).states(samples) - expected[:, -1]).max() < 1e-4


def safetensors(tensors):
    """Return tensors as bytes of a safetensors file."""
    header, start = {}, 0
    for key, value in tensors.items():
        end = start + value.nbytes
        header[key] = {"dtype": "F32", "shape": value.shape, "data_offsets": [start, end]}
        start = end
    text = json.dumps(header).encode()
    parts = [np.ascontiguousarray(value).tobytes() for value in tensors.values()]
    return len(text).to_bytes(8, "little") + text + b"".join(parts)


def test_clips_are_normalised_where_the_encoder_was_trained_so(tmp_path):
    kind = "wav2vec2_pre"
    samples, _ = answer(kind)
    (copied(kind, tmp_path) / kind / "preprocessor_config.json").unlink()
    prepared = opened(kind, tmp_path).prepare(5 * samples + 1)
    np.testing.assert_allclose(prepared.mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(prepared.std(axis=1), 1, atol=1e-6)
    assert np.array_equal(opened(kind).prepare(samples)[..., 0], samples)


def test_frames_are_where_their_samples_lie():
    encoder = opened("wav2vec2_post")  # a frame hears 30 samples, the next one begins 20 later
    assert encoder.frames(30) == 1 and encoder.frames(49) == 1 and encoder.frames(50) == 2
    np.testing.assert_allclose(encoder.times(50) * 16000, [14.5, 34.5])
    with pytest.raises(UsageError, match="30 samples or more. Received: 29"):
        encoder.frames(29)


def test_distances_are_exact_near_and_in_kinds_far():
    kinds = distances(40, buckets=16, farthest=12)
    assert kinds[10, 10] == 0 and kinds[10, 9] == 1 and kinds[10, 11] == 8 + 1
    assert kinds[39, 0] == 7 and kinds[0, 39] == 15
    assert len(np.unique(kinds)) == 15


def test_what_is_no_such_encoder_is_refused(tmp_path):
    with pytest.raises(UsageError, match="needs weights"):
        open_encoder("wavlm")
    with pytest.raises(DataError, match="no folder with config.json"):
        open_encoder("wavlm", tmp_path)
    with pytest.raises(UsageError, match="holds a hubert, not a wavlm"):
        open_encoder("wavlm", ANSWERS / "hubert_pre")
    more = copied("hubert_pre", tmp_path, num_hidden_layers=3)
    with pytest.raises(DataError, match="has no tensor 'encoder.layers.2"):
        opened("hubert_pre", more).states(np.zeros((1, 500), np.float32))
    (more / "hubert_pre" / "model.safetensors").unlink()
    with pytest.raises(DataError, match="holds none of model.safetensors"):
        opened("hubert_pre", more)
