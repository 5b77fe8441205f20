import numpy as np
import pytest

import fad
from audio.clip import make_clip
from experiment.errors import DataError, UsageError
from fad.embeddings import vggish, vggish_keras


@pytest.fixture(scope="module")
def by_hub(vggish_saved_model, speech):
    return fad.load("vggish", preset="torch", source=vggish_saved_model).embed(speech[:6])


def test_has_the_parameters_of_the_original(vggish_weights):
    assert vggish_weights.count_params() == 72_141_184


def test_hub_and_checkpoint_agree_on_speech(by_hub, vggish_checkpoint, speech):
    raw = fad.load("vggish_keras", preset="torch", source=vggish_checkpoint)
    ours = raw.embed(speech[:6])
    assert ours.clips.tolist() == by_hub.clips.tolist()
    scale = np.abs(by_hub.array).max()
    assert np.abs(ours.array - by_hub.array).max() < 1e-3 * scale


def test_windows_equal_the_examples_of_the_whole_clip(by_hub, vggish_saved_model, speech):
    """Preset ``torch`` cuts what the original cuts: examples of 0.96 s without overlap."""
    import tensorflow_hub

    whole = tensorflow_hub.load(str(vggish_saved_model))(speech[0].samples).numpy()
    mine = by_hub.array[by_hub.clips == speech[0].name]
    np.testing.assert_allclose(mine, whole, atol=1e-4 * np.abs(whole).max())


def test_endings(vggish_checkpoint, speech):
    raw, relu, pca = (
        fad.load(name, source=vggish_checkpoint).embed(speech[:2])
        for name in ("vggish_keras", "vggish_relu", "vggish_pca")
    )
    np.testing.assert_allclose(relu.array, np.maximum(raw.array, 0), atol=1e-5)
    assert set(np.unique(pca.array)) <= set(range(256))
    assert len({raw.digest, relu.digest, pca.digest}) == 3


def test_postprocessing_truncates(tmp_path):
    file = tmp_path / "parameters.npz"
    np.savez(file, pca_eigen_vectors=np.eye(128), pca_means=np.full((128, 1), 0.5))
    raw = np.full((1, 128), 0.5)
    raw[0, :3] = [-9, 9, 0.51]
    assert vggish_keras.postprocessor(file)(raw)[0, :4].tolist() == [0, 255, 128, 127]


def test_a_clip_shorter_than_a_window_is_padded(vggish_saved_model):
    embedder = fad.load("vggish", source=vggish_saved_model)
    assert embedder.embed([make_clip(np.full(4000, 0.1))]).array.shape == (1, 128)


def test_an_unreachable_address_names_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_AUDIO_CACHE", str(tmp_path))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(vggish, "ADDRESS", "http://127.0.0.1:9/vggish/1")
    with pytest.raises(DataError, match="--source.*--embedding yamnet"):
        fad.load("vggish")


def test_bad_sources(tmp_path):
    with pytest.raises(DataError, match="no SavedModel"):
        fad.load("vggish", source=tmp_path)
    (tmp_path / "saved_model.pb").write_bytes(b"not a model")
    damaged = fad.load("vggish", source=tmp_path)
    with pytest.raises(DataError, match="damaged"):
        damaged.embed([make_clip(np.ones(16000))])
    with pytest.raises(UsageError, match="--source"):
        fad.load("vggish_keras")
    with pytest.raises(DataError, match="no such checkpoint"):
        fad.load("vggish_keras", source=tmp_path / "none.ckpt")


def test_bfloat16_is_near_or_refused(vggish_checkpoint, speech):
    exact = fad.load("vggish_keras", source=vggish_checkpoint).embed(speech[:3])
    if not vggish_keras.has_bfloat16():
        with pytest.raises(UsageError, match="vggish_keras"):
            fad.load("vggish_bf16", source=vggish_checkpoint)
        return
    near = fad.load("vggish_bf16", source=vggish_checkpoint).embed(speech[:3])
    assert near.digest != exact.digest
    error = np.linalg.norm(near.array - exact.array) / np.linalg.norm(exact.array)
    assert 0 < error < 0.05
