import numpy as np
import pytest

from audio.clip import make_clip
from gan import checkpoint
from gan.config import GanConfig
from gan.training import train


@pytest.mark.slow
def test_a_resumed_vocoder_is_bit_by_bit_the_one_that_was_not_interrupted(sound, tmp_path):
    """In one process, where the layers of each network that is built have other names."""
    config = GanConfig(
        model="vocos",
        dim=16,
        depth=1,
        critic_dim=4,
        batch=2,
        samples=8192,
        warm_up=0,
        decay_steps=9,
        deterministic=True,
        tensorboard=False,
    )
    clips = [make_clip(sound[start : start + 12000], 16000) for start in (0, 10000, 20000)]
    train(config, clips, tmp_path / "whole", steps=2)
    train(config, clips, tmp_path / "parts", steps=1)
    train(config, clips, tmp_path / "parts", steps=2, resume=True)
    whole, parts = (
        checkpoint.load(tmp_path / name / "checkpoint.npz")[0] for name in ("whole", "parts")
    )
    assert len(whole) > 50
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_array_equal(one, other)
