import numpy as np
import pytest

import fad
from audio.clip import Clip, make_clip
from experiment.errors import DataError, UsageError
from fad.embeddings.windows import cut, preset

PACKAGED = ("yamnet", "ge2e", "logmel")


@pytest.fixture(scope="module", params=PACKAGED)
def embedder(request):
    return fad.load(request.param)


def test_embeds_speech(embedder, speech):
    result = embedder.embed(speech[:5])
    assert result.array.shape == (len(result.clips), embedder.dimensions)
    assert result.array.dtype == np.float32 and np.isfinite(result.array).all()
    assert np.ptp(result.array, axis=0).max() > 0
    assert set(result.clips) == {clip.name for clip in speech[:5]}
    assert result.seconds == pytest.approx(sum(clip.seconds for clip in speech[:5]))


def test_neither_order_nor_company_matters(embedder, speech):
    together = embedder.embed(speech[:4])
    alone = embedder.embed(speech[2:3])
    mine = together.array[together.clips == speech[2].name]
    np.testing.assert_allclose(mine, alone.array, atol=1e-5)


def test_level_matters_only_without_peak_normalisation(speech):
    quiet = make_clip(speech[0].samples * 0.1)
    for name, same in (("google", True), ("torch", False)):
        embedder = fad.load("logmel", preset=name)
        loud, soft = embedder.embed(speech[:1]).array, embedder.embed([quiet]).array
        assert np.allclose(loud, soft, atol=1e-3) == same


def test_yamnet_tells_speech_from_noise(speech):
    """The packaged weights know speech: clips of it lie closer together than to noise."""
    rng = np.random.default_rng(0)
    noise = [make_clip(0.1 * rng.standard_normal(32000)) for _ in range(4)]
    embedder = fad.load("yamnet")
    groups = (speech[:4], speech[4:8], noise)
    first, second, other = (embedder.embed(clips).array.mean(axis=0) for clips in groups)
    assert np.linalg.norm(first - second) < 0.5 * np.linalg.norm(first - other)


def test_ge2e_tells_voices_apart(corpus):
    """Clips of one speaker lie closer together than clips of two."""
    from audio.manifest import clips

    real = corpus[(corpus.label == "bonafide") & (corpus.duration > 1.6)]
    chosen = real.groupby("speaker").filter(lambda rows: len(rows) >= 3).groupby("speaker").head(3)
    found = fad.load("ge2e").embed(clips(chosen))
    vectors = np.array([found.array[found.clips == clip].mean(axis=0) for clip in chosen["name"]])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine, names = vectors @ vectors.T, chosen.speaker.to_numpy()
    same = names[:, None] == names[None]
    assert cosine[same & ~np.eye(len(names), dtype=bool)].mean() > cosine[~same].mean() + 0.15


@pytest.mark.parametrize(
    "name, length, windows",
    [
        ("google", 15999, 1),
        ("google", 16000, 1),
        ("google", 23999, 1),
        ("google", 24000, 2),
        ("torch", 15600, 1),
        ("torch", 30959, 1),
        ("torch", 30960, 2),
        ("torch", 1, 1),
    ],
)
def test_number_of_windows(name, length, windows):
    assert cut(np.ones(length), preset(name), 15600).shape == (windows, 15600)


def test_policies_for_short_clips():
    short, long = make_clip(np.full(8000, 0.5)), make_clip(np.full(16000, 0.5))
    padded = fad.load("logmel").embed([short, long])
    assert len(padded.array) == 2 and not padded.dropped
    dropping = fad.load("logmel", short="drop").embed([short, long])
    assert [clip.name for clip in dropping.dropped] == [short.name]
    assert "0.500 s" in dropping.dropped[0].reason
    with pytest.raises(DataError, match="not comparable"):
        fad.score(padded, dropping)
    with pytest.raises(DataError, match=short.name):
        fad.load("logmel", short="refuse").embed([short])


def test_silence_is_embedded_and_nan_is_dropped():
    silent = make_clip(np.zeros(16000))
    broken = Clip(np.full(16000, np.nan, np.float32), 16000, "", name="broken")
    result = fad.load("logmel").embed([silent, broken])
    assert np.isfinite(result.array).all()
    assert [(d.name, d.reason) for d in result.dropped] == [("broken", "sample 0 is not finite")]


def test_another_rate_is_refused():
    with pytest.raises(DataError, match="8000 Hz"):
        fad.load("logmel").embed([make_clip(np.ones(8000), rate=8000)])


def test_unknown_names_list_the_choices():
    with pytest.raises(UsageError, match="yamnet"):
        fad.load("nosuch")
    with pytest.raises(UsageError, match="google"):
        fad.load("logmel", preset="nosuch")
    with pytest.raises(UsageError, match="refuse"):
        fad.load("logmel", short="nosuch")
