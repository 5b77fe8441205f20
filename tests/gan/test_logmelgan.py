import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from experiment.errors import UsageError
from gan import generation, networks
from gan.config import GanConfig
from gan.logmelgan import Texture
from gan.losses import r1_penalty
from gan.registry import GENERATORS
from gan.steps import Players
from gan.training import train
from gan.vocoder import Vocoder

SMALL = {"model": "logmelgan", "dim": 2, "batch": 4, "precision": "float32"}


@pytest.fixture(scope="module")
def config():
    return GanConfig(**SMALL, check_every=2, tensorboard=False)


@pytest.fixture(scope="module")
def audio(speech):
    from audio.clip import fit

    return np.stack([fit(clip.samples, 16384, "pad")[:, None] for clip in speech[:4]])


@pytest.fixture(scope="module")
def images(config, audio):
    codec = GENERATORS["logmelgan"](config).codec
    return codec.fit(audio).encode(audio)


def test_parameter_counts_and_shapes():
    built = GENERATORS["logmelgan"](GanConfig(model="logmelgan"))
    assert built.generator.count_params() == 1_262_801
    assert built.critic.count_params() == 1_081_601
    shapes = [layer.output.shape[1:] for layer in built.generator.layers if "up_" in layer.name]
    assert shapes == [(8, 10, 128), (16, 20, 64), (32, 40, 32), (64, 80, 16)]
    assert built.generator.output.shape[1:] == built.critic.input_shape[1:] == (64, 80, 1)


def test_texture_is_noise_that_the_latents_determine():
    z = np.random.default_rng(0).uniform(-1, 1, (200, 100)).astype("float32")
    flat = tf.zeros([200, 8, 10, 2])
    layer = Texture(0)
    assert not layer(flat, z).numpy().any()
    layer.weight.assign([1.0, -2.0])
    noise = layer(flat, z).numpy()
    np.testing.assert_allclose(noise[..., 1], -2 * noise[..., 0], atol=1e-6)
    np.testing.assert_array_equal(noise, layer(flat, z))
    places = noise[..., 0].reshape(200, 80)
    for rows in (places, places.T):
        others = np.corrcoef(rows)[np.triu_indices(len(rows), 1)]
        assert np.sqrt(np.mean(others**2)) < 1.3 / np.sqrt(rows.shape[1])
    assert places.var() == pytest.approx(0.5, rel=0.05)
    near = layer(flat[:1], z[:1] + 0.1).numpy()[..., 0].ravel()
    assert abs(np.corrcoef(near, places[0])[0, 1]) < 0.5


@pytest.mark.parametrize("samples, frames", [(32768, 128), (65536, 256)])
def test_longer_clips_have_more_frames(samples, frames):
    built = GENERATORS["logmelgan"](GanConfig(**SMALL, samples=samples))
    assert built.generator.output.shape[1:] == (frames, 80, 1)


def test_images_are_the_normalised_mel_spectrograms_of_the_vocoder(config, audio, images):
    from gan import transforms

    log = transforms.log_mel(tf.constant(audio[..., 0]), 16000, 1024, 256, 80).numpy()
    mean, deviation = log.mean((0, 1)), log.std((0, 1))
    expected = np.clip((log - mean) / (3 * deviation), -1, 1)
    np.testing.assert_allclose(images[..., 0], expected, atol=1e-4)


def test_images_of_speech_sound_like_it(config, audio):
    """Said by the shipped vocoder, the mel spectrogram returns within some decibels."""
    from gan import transforms

    codec = GENERATORS["logmelgan"](config).codec.fit(audio)
    said = codec.decode(codec.encode(audio))
    assert said.shape == audio.shape and np.abs(said).max() <= 1
    first, again = (
        transforms.log_mel(tf.constant(x[..., 0]), 16000, 1024, 256, 80) for x in (audio, said)
    )
    assert np.abs(first - again).mean() < 0.4


def test_r1_of_the_critic_step_is_the_penalty_of_the_augmented_images(config, images):
    """Half the mean squared norm of the gradient by the images, one by one, worked out alone."""
    config = dataclasses.replace(config, r1=0.7)
    players = Players(config)
    labels = np.zeros(4, "int32")
    from gan.augmentation import drawn
    from gan.players import Draws

    draw = Draws(config.seed, "critic", tf.constant(0))
    draw.uniform([4, config.latent], -1.0)
    draw.shifts(0, config.shuffle)
    augmented = drawn(config.augment, draw, images.shape)
    signal = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(signal)
        told = tf.reduce_sum(networks.call(players.critic, signal=augmented(signal)))
    squares = (tape.gradient(told, signal).numpy() ** 2).sum((1, 2, 3))
    penalty = players.train_critic(images, labels, 0).numpy()[2]
    assert penalty == pytest.approx(0.7 * squares.mean() / 2, rel=1e-3)


def test_a_lazy_r1_comes_seldom_and_weighs_as_much(config, images):
    labels = np.zeros(4, "int32")
    eager, lazy = (Players(dataclasses.replace(config, r1_every=every)) for every in (1, 4))
    first = [float(players.train_critic(images, labels, 0)[2]) for players in (eager, lazy)]
    assert first[1] == pytest.approx(4 * first[0], rel=1e-3)
    later = [float(lazy.train_critic(images, labels, number)[2]) for number in range(1, 5)]
    assert later[:3] == [0, 0, 0] and later[3] > 0


def test_the_penalty_of_a_quadratic_critic():
    """The gradient of sum x^2 / 2 is x itself."""
    x = tf.constant(np.random.default_rng(0).normal(size=(3, 4, 5, 1)), tf.float32)
    found = r1_penalty(lambda y: tf.reduce_sum(y**2, [1, 2]) / 2, x)
    assert float(found) == pytest.approx((x.numpy() ** 2).sum((1, 2, 3)).mean() / 2, rel=1e-5)


def test_the_running_mean_generates(config, images):
    """Its decay is (1 + k) / (10 + k) in step k, and the limit of the configuration after that."""
    players = Players(dataclasses.replace(config, ema=0.15))
    expected = [variable.numpy() for variable in players.mean.variables]
    for number in range(3):
        players.train_generator(number)
        decay = min((1 + number) / (10 + number), 0.15)
        new = [variable.numpy() for variable in players.generator.variables]
        expected = [decay * m + (1 - decay) * w for m, w in zip(expected, new, strict=True)]
    for mean, value in zip(players.finished((), {}).network.variables, expected, strict=True):
        np.testing.assert_allclose(mean.numpy(), value, atol=1e-6)


def test_a_conditional_training_goes_into_a_generator_that_can_be_asked(config, corpus, tmp_path):
    real = corpus[corpus.label == "bonafide"].groupby("speaker").head(2).head(8)
    outcome = train(dataclasses.replace(config, label="speaker"), real, tmp_path / "run", steps=1)
    generator = generation.load(outcome.folder)
    first, second = (generator.generate(2, 0, name) for name in generator.classes[:2])
    assert first.shape == (2, 16384) and np.isfinite(first).all()
    assert not np.allclose(first, second)


@pytest.mark.parametrize(
    "values, words",
    [
        ({"rate": 8000}, "no vocoder of mel spectrograms at 8000"),
        ({"vocoder": "codec"}, "codec is no vocoder of mel"),
        ({"vocoder": "world"}, "world is no vocoder of mel"),
        ({"channels": 2}, "channels is 2"),
        ({"augment": ("noise",)}, "no augmentation 'noise'"),
        ({"model": "wavegan", "augment": ("cut",)}, "augment is"),
    ],
)
def test_what_does_not_fit_is_named(values, words):
    with pytest.raises(UsageError, match=words):
        config = GanConfig(**{**SMALL, **values})
        GENERATORS[config.model](config)


@pytest.fixture(scope="module")
def models(audio):
    def fresh(model):
        config = GanConfig(model=model, dim=1)
        built = GENERATORS[model](config)
        return generation.Generator(config, built.generator, built.codec.fit(audio))

    return {model: fresh(model) for model in ("wavegan", "specgan", "logmelgan")}


def test_a_specgan_speaks_through_a_vocoder(models, tmp_path):
    plain = models["specgan"]
    spoken = generation.inverted(plain, "vocos")
    assert spoken.digest != plain.digest
    assert spoken.generate(2, 0).shape == (2, 16384)
    assert not np.allclose(spoken.generate(2, 0), plain.generate(2, 0), atol=1e-3)
    generation.export(tmp_path, spoken)
    loaded = generation.load(tmp_path)
    np.testing.assert_array_equal(loaded.generate(2, 0), spoken.generate(2, 0))
    assert generation.inverted(loaded, "griffinlim").digest == plain.digest


def test_a_logmelgan_takes_another_vocoder_of_equal_mels(models, tmp_path):
    other = generation.inverted(models["logmelgan"], "hifigan")
    assert not np.allclose(other.generate(1, 0), models["logmelgan"].generate(1, 0), atol=1e-3)
    config = GanConfig(model="vocos", mels=40, dim=8, depth=1)
    generation.export(tmp_path / "few", Vocoder(config, GENERATORS["vocos"](config)))
    with pytest.raises(UsageError, match="differ in mels"):
        generation.inverted(models["logmelgan"], str(tmp_path / "few"))


@pytest.mark.parametrize("model, way", [("wavegan", "vocos"), ("logmelgan", "griffinlim")])
def test_ways_that_there_are_not(models, model, way):
    with pytest.raises(UsageError, match="invert"):
        generation.inverted(models[model], way)
