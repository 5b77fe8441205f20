from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from audio.clip import write_wav
from detect import MODELS, TrainConfig
from detect.training.trainer import train
from detect.training.tuning import built, folded
from detect.use.detector import Detector
from encoders.frontend import Encoded
from experiment.errors import DataError, UsageError
from experiment.seeds import rng

SOURCE = Path(__file__).parents[2] / "known_answers" / "encoders"
QUICK = TrainConfig(epochs=2, batch=8, learning_rate=1e-2)


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("FAKE_AUDIO_CACHE", str(tmp_path_factory.mktemp("cache")))


def small(kind="wavlm_pre", **settings):
    """A front end on an encoder of two blocks of 8, which hears a twentieth of a second."""
    name = kind.partition("_")[0]
    return Encoded(seconds=0.05, encoder=name, source=SOURCE / kind, **settings)


@pytest.fixture(scope="module")
def noises(tmp_path_factory):
    """Manifest of 16 noises, half of them twice as slow."""
    folder = tmp_path_factory.mktemp("noises")
    rows = []
    for number in range(16):
        samples = rng(0, number).standard_normal(1600).astype(np.float32) / 9
        label = "bonafide" if number % 2 else "spoof"
        samples = np.repeat(samples, 2)[:1600] if label == "spoof" else samples
        path = folder / f"{number}.wav"
        write_wav(path, samples, 16000)
        rows.append((path.stem, str(path), label, number))
    frame = pd.DataFrame(rows, columns=["name", "path", "label", "speaker"])
    return frame.assign(attack=np.where(frame.label == "spoof", "slow", ""), copy_of="", source="s")


def features(front_end, count=5):
    return front_end.batch([rng(1, k).standard_normal(800) for k in range(count)])


@pytest.mark.parametrize("kind", ["wavlm_pre", "wav2vec2_post", "wav2vec2_adapter"])
@pytest.mark.parametrize("every", [False, True])
def test_blocks_in_the_network_score_as_blocks_in_the_front_end_do(kind, every):
    tuned = small(kind, every=every, tuned=1)
    whole = built(MODELS["mhfa"].build, tuned, {"heads": 2})
    before = features(tuned)
    assert before.shape[1:] == tuned.shape == whole.input_shape[1:]
    frozen = small(kind, every=every)
    after = features(frozen)[:, 1:] if every else features(frozen)
    head = MODELS["mhfa"].build(after.shape[1:], heads=2)
    head.set_weights(whole.get_weights()[-len(head.weights) :])
    np.testing.assert_allclose(whole(before), head(after), atol=1e-4)


def test_lora_starts_as_identity_and_trains_no_weight_of_the_encoder():
    from detect.training.optimise import initialised

    networks = []
    for rank in (0, 2):
        with initialised(0):
            networks.append(built(MODELS["attentive"].build, small(tuned=2, lora=rank), {}))
    plain, adapted = networks
    seen = features(small(tuned=2))
    np.testing.assert_allclose(plain(seen), adapted(seen), atol=1e-6)
    trained = {weight.path for weight in adapted.trainable_weights if "block_" in weight.path}
    assert trained == {
        f"block_{number}_{part}/lora_kernel_{side}"
        for number in (1, 2)
        for part in ("joint", "out")
        for side in "ab"
    }
    assert len(plain.trainable_weights) > len(adapted.trainable_weights)


def test_folding_changes_no_score():
    plain, adapted = (
        built(MODELS["attentive"].build, small(tuned=1, lora=rank), {}) for rank in (0, 2)
    )
    layer = adapted.get_layer("block_2_joint")
    layer.lora_kernel_b.assign(rng(2).standard_normal(layer.lora_kernel_b.shape))
    seen = features(small(tuned=1))
    before = np.asarray(adapted(seen))
    np.testing.assert_allclose(folded(adapted, plain)(seen), before, atol=1e-5)
    assert len(plain.weights) == len(adapted.weights) - 4


def also(**settings):
    """A case that the others nearly cover."""
    return pytest.param(settings, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    "settings", [also(), {"every": True}, also(tuned=2), {"tuned": 2, "lora": 2}]
)
def test_a_detector_on_an_encoder_comes_back_without_the_first_source(noises, settings, tmp_path):
    found = train(
        "attentive", noises, noises, QUICK, front_end=small(**settings), folder=tmp_path / "a"
    )
    again = Detector.load(tmp_path / "a")
    assert again.digest == found.digest
    assert again.front_end.source == tmp_path / "a" / "encoder"
    scores = [found.score_signals([rng(3).standard_normal(900)]) for found in (found, again)]
    np.testing.assert_allclose(*scores, atol=1e-6)
    for name in ("config.json", "model.safetensors"):
        kept = tmp_path / "a" / "encoder" / name
        assert kept.read_bytes() == (SOURCE / "wavlm_pre" / name).read_bytes()


def test_other_weights_than_those_of_the_training_are_refused(noises, tmp_path):
    train("stats_lr", noises, noises, front_end=small(), folder=tmp_path / "a")
    kept = tmp_path / "a" / "encoder" / "model.safetensors"
    content = bytearray(kept.read_bytes())
    kept.unlink()
    content[-1] ^= 1
    kept.write_bytes(content)
    with pytest.raises(DataError, match="but the detector was trained with"):
        Detector.load(tmp_path / "a")


def test_what_cannot_be_tuned_is_refused(noises):
    with pytest.raises(UsageError, match="closed form and tunes no blocks"):
        train("stats_lr", noises, noises, front_end=small(tuned=1))
    with pytest.raises(UsageError, match="cnn takes a front end of the kind Picture"):
        train("cnn", noises, noises, front_end=small())
    with pytest.raises(UsageError, match="width is a multiple of 64"):
        train("nes2net", noises, noises, front_end=small())
