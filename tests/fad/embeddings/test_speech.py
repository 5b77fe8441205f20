from pathlib import Path

import numpy as np
import pytest

import fad
from audio.clip import make_clip
from encoders import ENCODERS, open_encoder
from experiment.errors import UsageError
from fad.embeddings.mel_windows import CONTEXT

SOURCE = Path(__file__).parents[2] / "known_answers" / "encoders" / "wav2vec2_post"


def test_every_encoder_is_an_embedding_with_its_own_help():
    for name, opened in ENCODERS.items():
        assert fad.EMBEDDINGS[name].__doc__ == opened.__doc__


def test_an_embedding_is_the_mean_of_the_last_hidden_state():
    noise = np.random.default_rng(0).standard_normal((3, CONTEXT)).astype(np.float32) / 9
    network = fad.EMBEDDINGS["wav2vec2"](SOURCE)
    states = open_encoder("wav2vec2", SOURCE).states(noise)
    np.testing.assert_allclose(network.forward(noise), states.mean(axis=1), atol=1e-5)
    embedder = fad.load("wav2vec2", source=SOURCE)
    assert embedder.embed([make_clip(noise.ravel())]).array.shape[1] == network.dimensions == 8


def test_other_weights_are_another_embedding():
    other = SOURCE.with_name("wav2vec2_pre")
    digests = {fad.load("wav2vec2", source=source).digest for source in (SOURCE, other)}
    assert len(digests) == 2
    with pytest.raises(UsageError, match="needs weights"):
        fad.load("wav2vec2")
