import numpy as np
import pytest
import tensorflow as tf

from gan.config import GanConfig
from gan.vocoders import losses
from gan.vocoders.mel import mel_of


@pytest.fixture(scope="module")
def pair():
    draw = np.random.default_rng(0)
    return draw.normal(size=(2, 2, 4096)).astype("float32") * [[[0.1]], [[0.2]]]


def spectrum(audio, size, hop):
    edge = (size - hop) // 2
    padded = np.pad(audio, [(0, 0), (edge, edge)])
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    frames = [padded[:, s : s + size] for s in range(0, audio.shape[1], hop)]
    return np.maximum(np.abs(np.fft.rfft(np.stack(frames, 1) * window)), 1e-5)


def test_mel_loss(pair):
    from audio.dsp import slaney_bank

    copy, original = pair.astype("float32")
    bank = slaney_bank(16000, 1024, 80, 0, 8000)
    ours, theirs = (np.log(np.maximum(spectrum(x, 1024, 256) @ bank, 1e-5)) for x in pair)
    describe = mel_of(GanConfig(model="vocos"))
    found = float(losses.mel_loss(describe, copy, original))
    assert found == pytest.approx(np.abs(ours - theirs).mean(), rel=1e-4)


def test_stft_loss(pair):
    copy, original = pair.astype("float32")
    terms = []
    for size in (512, 1024, 256):
        ours, theirs = (spectrum(x, size, size // 4) for x in pair)
        convergence = np.sqrt(((theirs - ours) ** 2).sum() / (theirs**2).sum())
        terms.append(convergence + np.abs(np.log(theirs / ours)).mean())
    assert float(losses.stft_loss(copy, original)) == pytest.approx(np.mean(terms), rel=1e-4)
    assert float(losses.stft_loss(copy, copy)) == 0


@pytest.fixture(scope="module")
def judged():
    draw = np.random.default_rng(1)
    shapes = ((3, 4, 2), (3, 2, 2), (3, 2, 1))
    return [
        [[tf.constant(draw.normal(size=shape), tf.float32) for shape in shapes] for _ in range(2)]
        for _ in range(2)
    ]


def test_feature_loss_leaves_out_verdicts_and_the_gradient_of_the_real_side(judged):
    real, copied = judged
    expected = sum(
        np.abs(a.numpy() - b.numpy()).mean()
        for ours, theirs in zip(copied, real, strict=True)
        for a, b in zip(ours[:2], theirs[:2], strict=True)
    )
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real[0][0], copied[0][0]])
        found = losses.feature_loss(copied, real)
    assert float(found) == pytest.approx(expected, rel=1e-5)
    assert tape.gradient(found, real[0][0]) is None
    assert np.abs(tape.gradient(found, copied[0][0])).max() > 0


FORMULAS = {
    "hinge": (
        lambda real, fake: np.maximum(1 - real, 0).mean() + np.maximum(1 + fake, 0).mean(),
        lambda fake: np.maximum(1 - fake, 0).mean(),
    ),
    "lsgan": (
        lambda real, fake: ((real - 1) ** 2).mean() + (fake**2).mean(),
        lambda fake: ((fake - 1) ** 2).mean(),
    ),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_verdicts(judged, name):
    real, copied = judged
    critic, generator = FORMULAS[name]
    verdicts = [[features[-1].numpy() for features in side] for side in judged]
    expected = sum(critic(a, b) for a, b in zip(*verdicts, strict=True))
    assert float(losses.critic_loss(name, real, copied)) == pytest.approx(expected, rel=1e-5)
    expected = sum(generator(b) for b in verdicts[1])
    assert float(losses.adversarial_loss(name, copied)) == pytest.approx(expected, rel=1e-5)
