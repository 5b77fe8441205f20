import numpy as np
import pytest
import tensorflow as tf

from gan import GENERATORS
from gan.config import GanConfig
from gan.vocoders import critics
from gan.vocoders.layers import Fold, InverseSTFT

VOCODERS = ("vocos", "hifigan", "istftnet", "codec")
COUNTS = {
    ("vocos", "small"): 2_790_658,
    ("vocos", "published"): 13_531_650,
    ("hifigan", "v1"): 13_926_017,
    ("hifigan", "v2"): 925_985,
    ("hifigan", "v3"): 1_462_273,
    ("istftnet", "v1"): 13_254_034,
}


@pytest.mark.parametrize("model, size", COUNTS)
def test_parameter_counts_are_those_of_the_papers(model, size):
    """13.5 M (Vocos); 13.92, 0.92 and 1.46 M (HiFi-GAN); 13.26 M (iSTFTNet, C8C8I)."""
    config = GanConfig(model=model, size=size)
    assert GENERATORS[model](config).generator.count_params() == COUNTS[model, size]


def test_critics_of_the_papers_have_their_size():
    """41.1 M for multi-period and 29.6 M for multi-scale critics (HiFi-GAN)."""
    for name, count in (("periods", 41_092_165), ("scales", 29_610_627)):
        config = GanConfig(model="hifigan", size="v1", critics=(name,))
        assert critics.build(config).count_params() == count


@pytest.mark.parametrize("model", VOCODERS)
def test_a_frame_becomes_a_hop_of_audio(model):
    config = GanConfig(model=model, dim=16, samples=8192)
    built = GENERATORS[model](config)
    audio = tf.random.stateless_normal([2, 2560], [0, 0]) * 0.1
    described = built.describe(audio)
    made = built.generator([described, tf.constant([4, 8])] if config.books else described)
    made = made[0] if config.books else made
    assert made.shape == audio.shape and made.dtype == tf.float32
    assert np.isfinite(made).all()


@pytest.mark.parametrize("name", critics.CRITICS)
def test_critics_give_features_and_a_verdict_a_clip(name):
    judged = critics.build(GanConfig(model="vocos", samples=8192, critics=(name,), critic_dim=4))
    first = judged(np.random.default_rng(0).normal(size=(2, 8192)).astype("float32"))
    assert len(first) == {"frames": 3, "periods": 5, "resolutions": 3, "scales": 3}[name]
    for features in first:
        assert features[-1].shape[-1] == 1 and len(features) > 3
        assert all(np.isfinite(feature).all() for feature in features)


def test_folding_keeps_every_period_th_sample_together():
    folded = Fold(3)(tf.range(7, dtype=tf.float32)[None])
    np.testing.assert_array_equal(folded[..., 0], [[0, 3, 6], [1, 4, 0], [2, 5, 0]])


def test_the_head_turns_logarithm_and_phase_into_their_sound():
    """One frequency with a phase that advances by its bin's share of the hop is a cosine."""
    size, hop, k, frames = 64, 16, 5, 40
    start = np.arange(frames) * hop - (size - hop) // 2
    logarithm = np.full((1, frames, size // 2 + 1), -50.0)
    logarithm[..., k] = np.log(size / 4)
    phase = np.zeros_like(logarithm)
    phase[..., k] = 2 * np.pi * k / size * start
    made = InverseSTFT(size, hop)(np.concatenate([logarithm, phase], -1).astype("float32"))
    middle = slice(size, -size)
    tone = np.cos(2 * np.pi * k / size * np.arange(frames * hop))
    likeness = np.corrcoef(made[0].numpy()[middle], tone[middle])[0, 1]
    assert likeness > 0.999
