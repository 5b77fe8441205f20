import numpy as np
import pytest

from audio.clip import read_clip
from audio.manifest import load as load_manifest
from experiment.errors import DataError, UsageError
from experiment.files import read_json, write_json
from gan import generation
from gan.config import GanConfig
from gan.registry import GENERATORS


@pytest.fixture(scope="module")
def generator(trained):
    return generation.load(trained)


def test_clips_have_the_shape_and_range_of_audio(generator):
    audio = generator.generate(3, seed=1)
    assert audio.shape == (3, 16384) and audio.dtype == np.float32
    assert np.isfinite(audio).all() and 0 < np.abs(audio).max() <= 1
    assert generator.rate == 16000
    assert generator.generate(0, seed=1).shape == (0, 16384)


def test_the_first_clips_do_not_depend_on_their_number(generator):
    few, many = generator.generate(3, seed=1), generator.generate(40, seed=1)
    np.testing.assert_array_equal(few, many[:3])
    assert not np.allclose(few, generator.generate(3, seed=2))


def test_loading_a_model_folder_or_a_run_is_the_same(generator, trained):
    again = generation.load(trained / "generator")
    assert again.digest == generator.digest
    assert again.note["step"] == 4
    np.testing.assert_array_equal(again.generate(2, 0), generator.generate(2, 0))


def test_interpolation_starts_and_ends_at_the_latents(generator):
    path = generator.interpolate(5, 7)
    ends = generator.generate(2, 5)
    np.testing.assert_array_equal(path[[0, -1], :, 0], ends)
    steps = np.abs(np.diff(path[..., 0], axis=0)).max(1)
    assert (steps > 0).all() and steps.max() < np.abs(ends[1] - ends[0]).max()


def test_written_clips_are_a_manifest_with_provenance(generator, tmp_path):
    frame = generation.write(generator, 5, 7, tmp_path, split="dev")
    stored = load_manifest(tmp_path)
    assert stored.path.tolist() == frame.path.tolist()
    assert set(frame.label) == {"spoof"} and set(frame.attack) == {"wavegan"}
    assert set(frame.speaker) == {f"wavegan:{generator.digest[:8]}"}
    assert set(frame.split) == {"dev"} and set(frame.source) == {"gan"}
    assert frame.latent.tolist() == [0, 1, 2, 3, 4] and set(frame.seed) == {7}
    assert set(frame.model) == {generator.digest}
    audio = generator.generate(5, 7)
    for k, path in enumerate(frame.path):
        clip = read_clip(path)
        assert clip.name == frame["name"][k]
        np.testing.assert_allclose(clip.samples, audio[k], atol=1 / 16384)


def test_no_clips_is_a_usage_error(generator, tmp_path):
    with pytest.raises(UsageError, match="n is 0"):
        generation.write(generator, 0, 7, tmp_path)


def fresh(**values):
    config = GanConfig(**{"dim": 1, **values})
    classes = ("no", "yes") if config.label else ()
    built = GENERATORS[config.model](config, classes=len(classes))
    audio = np.random.default_rng(0).normal(size=(4, config.samples, config.channels))
    codec = built.codec.fit(audio.astype("float32"))
    return generation.Generator(config, built.generator, codec, classes, {"step": 1})


@pytest.mark.parametrize("model", ["wavegan", "specgan", "logmelgan"])
def test_every_generator_survives_its_folder(model, tmp_path):
    before = fresh(model=model, label="word")
    generation.export(tmp_path, before)
    after = generation.load(tmp_path)
    assert (after.digest, after.classes, after.config) == (
        before.digest,
        before.classes,
        before.config,
    )
    np.testing.assert_array_equal(after.generate(2, 0), before.generate(2, 0))


def test_a_class_can_be_asked_for():
    conditional = fresh(label="word")
    yes, no = (conditional.generate(2, 0, label) for label in ("yes", "no"))
    assert not np.allclose(yes, no)
    assert set(conditional.labels(50, 0)) == {0, 1}
    with pytest.raises(UsageError, match="no, yes"):
        conditional.generate(1, 0, "maybe")
    with pytest.raises(UsageError, match="unconditional"):
        fresh().generate(1, 0, "yes")


def test_written_clips_know_their_class(tmp_path):
    frame = generation.write(fresh(label="word"), 4, 0, tmp_path, label="yes")
    assert set(frame.condition) == {"yes"}


def test_stereo_is_generated_but_not_written(tmp_path):
    stereo = fresh(channels=2)
    assert stereo.generate(2, 0).shape == (2, 16384, 2)
    with pytest.raises(UsageError, match="2 channels"):
        generation.write(stereo, 1, 0, tmp_path)


def damage(name):
    def cut(folder):
        path = folder / "weights.npz"
        path.write_bytes(path.read_bytes()[:1000])

    def swap(folder):
        fresh_folder = folder.parent / "other"
        generation.export(fresh_folder, fresh(dim=1, latent=101))
        (folder / "weights.npz").write_bytes((fresh_folder / "weights.npz").read_bytes())

    def mix(folder):
        note = read_json(folder / "model.json")
        write_json(folder / "model.json", {**note, "digest": "0" * 16})

    def empty(folder):
        (folder / "model.json").write_text("{}")

    def garble(folder):
        (folder / "model.json").write_text("{")

    def remove(folder):
        (folder / "model.json").unlink()

    return locals()[name]


@pytest.mark.parametrize(
    "how, words",
    [
        ("cut", "damaged"),
        ("swap", "do not fit"),
        ("mix", "do not belong together"),
        ("empty", "does not describe"),
        ("garble", "damaged"),
        ("remove", "no generator"),
    ],
)
def test_damaged_models_are_refused(tmp_path, how, words):
    folder = tmp_path / "model"
    generation.export(folder, fresh())
    damage(how)(folder)
    with pytest.raises(DataError, match=words):
        generation.load(folder)


@pytest.mark.parametrize("name", ["specgan-starter", "wavegan-starter"])
def test_shipped_generators_make_varied_sound_and_are_small(name):
    folder = generation.SHIPPED / name
    assert name in generation.shipped()
    assert sum(path.stat().st_size for path in folder.iterdir()) < 8e6
    assert "licence" in (folder / "README.md").read_text().lower()
    clips = generation.load(name).generate(4, seed=1)
    assert clips.shape == (4, 16384)
    assert (clips.std(axis=1) > 1e-3).all()
    assert abs(np.corrcoef(clips)[np.triu_indices(4, 1)]).max() < 0.9
