"""Each network equals the published one, told a second way, with the weights of a checkpoint."""

import os
from pathlib import Path

import numpy as np
import pytest

from audio.frontends import LFCC, PUBLISHED, LogMel, Waveform
from detect import MODELS
from detect.models.pcdarts import GENOTYPES
from detect.use.published import import_weights
from experiment.errors import DataError, UsageError
from experiment.files import read_json
from experiment.seeds import rng
from experiment.tensors import read_tensors
from tests.checkpoints import tensors, write_old, write_safetensors, write_zip
from tests.detect.models import papers

keras = pytest.importorskip("keras")
RAW = Waveform(seconds=0.4, crop="leading", normalise=False)
MIXED = LogMel(seconds=0.55, bands=32)  # 35 frames: where the size halves, odd and even differ


def turned(picture):
    return picture[..., 0].T[None]


def upright(picture):
    return picture.transpose(2, 0, 1)


PC = {"genotype": GENOTYPES["published"], "channels": 8}
SE = {"width": 32, "depths": (1, 2, 1, 1)}
# model, options, front end, function of a state and features, class of bona fide speech
NETWORKS = {
    "aasist": ("aasist", {}, RAW, lambda s, x: papers.aasist(s, x[:, 0]), 1),
    "aasist_l": (
        "aasist_l", {}, RAW, lambda s, x: papers.aasist(s, x[:, 0], 24, (0.4, 0.5, 0.7)), 1,
    ),
    "rawnet2": ("rawnet2", {"units": 16}, RAW, lambda s, x: papers.rawnet2(s, x[:, 0], 16), 1),
    "lcnn": ("lcnn", {}, LFCC(seconds=0.4), lambda s, x: papers.lcnn(s, x[..., 0][None]), 0),
    "pcdarts": (
        "pcdarts", PC, MIXED,
        lambda s, x: papers.pcdarts(s, turned(x), read_json(PC["genotype"]), 8), 1,
    ),
    "pcdarts skips": (
        "pcdarts", {"genotype": "starter", "channels": 4}, MIXED,
        lambda s, x: papers.pcdarts(s, turned(x), read_json(GENOTYPES["starter"]), 4), 1,
    ),
    "res2net50": ("res2net50", {}, MIXED, lambda s, x: papers.res2net50(s, turned(x)), 0),
    "res2net50 image": (
        "res2net50", {"image": True}, MIXED,
        lambda s, x: papers.res2net50(s, upright(x), image=True), 1,
    ),
    "se_res2net50": (
        "se_res2net50", {}, MIXED, lambda s, x: papers.res2net50(s, turned(x), excited=True), 0,
    ),
    "resnet18": ("resnet18", {}, MIXED, lambda s, x: papers.resnet18(s, upright(x)), 1),
    "senet154": ("senet154", SE, MIXED, lambda s, x: papers.senet154(s, upright(x), **SE), 1),
}  # fmt: skip


def features(front_end):
    return rng(3).normal(size=front_end.shape).astype(np.float32) / 2


def logit(detector, x):
    """Return the logit of one clip without compiling the network, which takes seconds."""
    return float(detector.network(x[None], training=False)[0, 0])


def counted(state):
    """Return a state with the counters that PyTorch keeps beside each normalisation."""
    names = [name.removesuffix("running_var") for name in state if name.endswith("running_var")]
    return {**state, **{f"{name}num_batches_tracked": np.array(9) for name in names}}


@pytest.mark.parametrize("case", NETWORKS)
def test_a_network_equals_the_published_one(case, tmp_path):
    model, options, front_end, paper, bonafide = NETWORKS[case]
    state, x = papers.State(), features(front_end)
    expected = paper(state, x)
    write_zip(tmp_path / "a.pth", tensors(counted(state)))
    found = import_weights(tmp_path / "a.pth", model, options, front_end=front_end)
    size = np.abs(expected).max()
    assert size > 0.01
    wanted = expected[bonafide] - expected[1 - bonafide] if len(expected) == 2 else expected[0]
    assert logit(found, x) == pytest.approx(wanted, abs=2e-5 * size)


@pytest.fixture(scope="module")
def small():
    """The state of a small RawNet2, its features and its outputs."""
    state, x = papers.State(), features(RAW)
    return state, x, papers.rawnet2(state, x[:, 0], 8)


def small_detector(path, **options):
    return import_weights(path, "rawnet2", {"units": 8}, front_end=RAW, **options)


def test_formats_and_outputs_can_be_chosen(small, tmp_path):
    state, x, (spoof, real) = small
    write_old(tmp_path / "old.pth", {"model_state": tensors(state)})
    write_safetensors(tmp_path / "a.safetensors", state)
    for name in ("old.pth", "a.safetensors"):
        found = logit(small_detector(tmp_path / name, bonafide=0), x)
        assert found == pytest.approx(spoof - real, rel=1e-4)
        found = logit(small_detector(tmp_path / name, score="bonafide"), x)
        assert found == pytest.approx(real, rel=1e-4)


def test_every_tensor_is_used_and_every_layer_filled(small, tmp_path):
    state, path = small[0], tmp_path / "a.safetensors"
    wrong = {
        "no tensor 'gru.bias_ih_l1'": {k: v for k, v in state.items() if k != "gru.bias_ih_l1"},
        "1 tensors have no place in rawnet2, the first is 'extra'": {
            **state,
            "extra": state["fc1_gru.bias"],
        },
        "fc1_gru: the file has shape": {**state, "fc1_gru.weight": np.zeros((8, 9), np.float32)},
        "fc2_gru has 3 classes": {**state, "fc2_gru.weight": np.zeros((3, 8), np.float32)},
        "no tensor 'fc2_gru.weight'": {k: v for k, v in state.items() if "fc2" not in k},
        "block0.0.conv1: a tensor of shape": {
            **state,
            "block0.0.conv1.weight": state["fc1_gru.bias"],
        },
    }
    for message, broken in wrong.items():
        write_safetensors(path, broken)
        with pytest.raises(DataError, match=message) as caught:
            small_detector(path)
        assert "\n" not in str(caught.value) and "a.safetensors" in str(caught.value)


def write_onnx(path, state):
    """Write tensors as the initialisers of an ONNX file, as an exporter names them."""
    onnx = pytest.importorskip("onnx")
    made = [onnx.numpy_helper.from_array(array, name) for name, array in state.items()]
    graph = onnx.helper.make_graph([], "g", [], [], made)
    onnx.save(onnx.helper.make_model(graph), path)


def test_an_onnx_file_that_kept_the_names_is_imported(small, tmp_path):
    state, x, (spoof, real) = small
    write_onnx(tmp_path / "a.onnx", state)
    found = logit(small_detector(tmp_path / "a.onnx"), x)
    assert found == pytest.approx(real - spoof, rel=1e-4)


def test_an_onnx_file_that_lost_the_names_is_refused_by_name(small, tmp_path):
    state, path = small[0], tmp_path / "a.onnx"
    recurrent = [name for name in state if name.startswith("gru.")]
    for lost in (list(state), recurrent):  # PyTorch packs recurrent weights under such names
        renamed = {name: f"onnx::GRU_{number}" for number, name in enumerate(lost)}
        write_onnx(path, {renamed.get(name, name): value for name, value in state.items()})
        reason = f"{len(lost)} tensors have no name of a layer of rawnet2"
        with pytest.raises(DataError, match=reason) as caught:
            small_detector(path)
        assert "the first is 'onnx::GRU_0'" in str(caught.value) and "\n" not in str(caught.value)


def test_what_cannot_be_imported_is_refused(small, tmp_path):
    path = tmp_path / "a.safetensors"
    write_safetensors(path, small[0])
    with pytest.raises(UsageError, match="cnn has no published weights"):
        import_weights(path, "cnn")
    with pytest.raises(UsageError, match="unknown detector 'x'"):
        import_weights(path, "x")
    with pytest.raises(UsageError, match="unknown option of rawnet2 'depth'"):
        import_weights(path, "rawnet2", {"depth": 3})
    with pytest.raises(UsageError, match="unknown score"):
        small_detector(path, score="spoof")
    with pytest.raises(DataError, match="no such file"):
        small_detector(tmp_path / "lost.pth")


def test_the_blocks_of_the_paper_are_an_option(small, tmp_path):
    state, x, _ = small
    write_safetensors(tmp_path / "a.safetensors", state)
    found = import_weights(
        tmp_path / "a.safetensors", "rawnet2", {"units": 8, "preactivated": True}, front_end=RAW
    )
    plain = small_detector(tmp_path / "a.safetensors")
    assert found.network.count_params() - plain.network.count_params() == 4 * (20 + 20 + 3 * 128)
    assert abs(logit(found, x) - logit(plain, x)) > 1e-3


def test_the_front_end_of_a_checkpoint_must_be_the_one_given(tmp_path):
    front_end = LFCC(seconds=0.5, n_fft=1024, window=1024, hop=256, bands=70, level="absolute")
    options = {"channels": 8}
    state = papers.State()
    papers.pcdarts(state, turned(features(front_end)), read_json(GENOTYPES["published"]), 8)
    frequencies, edges = np.linspace(0, 8000, 513)[:, None], np.linspace(0, 8000, 72)
    up = (frequencies - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - frequencies) / (edges[2:] - edges[1:-1])
    state["feature.lfcc_fb"] = np.maximum(np.minimum(up, down), 0).astype(np.float32)
    state["feature.l_dct.weight"] = np.eye(70, dtype=np.float32)
    write_zip(tmp_path / "a.pth", tensors(state))
    assert import_weights(tmp_path / "a.pth", "pcdarts", options, front_end=front_end)
    with pytest.raises(DataError, match="filters of shape"):
        import_weights(tmp_path / "a.pth", "pcdarts", options, front_end=MIXED)


@pytest.mark.parametrize("classes", [1, 2])
def test_keras_files(classes, tmp_path):
    inputs = keras.Input((35, 32, 1))
    pooled = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(4, 3)(inputs))
    foreign = keras.Model(inputs, keras.layers.Dense(classes)(pooled))
    foreign.save(tmp_path / "a.keras")
    found = import_weights(tmp_path / "a.keras", "cnn", front_end=MIXED)
    x = features(MIXED)
    outputs = foreign(x[None]).numpy()[0]
    assert logit(found, x) == pytest.approx(
        outputs[-1] - (outputs[0] if classes == 2 else 0), abs=1e-6
    )
    with pytest.raises(DataError, match="the front end gives"):
        import_weights(tmp_path / "a.keras", "cnn")
    squashed = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(pooled))
    squashed.save(tmp_path / "b.keras")
    with pytest.raises(DataError, match="without softmax or sigmoid"):
        import_weights(tmp_path / "b.keras", "cnn", front_end=MIXED)


def test_keras_weights_of_our_own_networks(tmp_path):
    network = MODELS["cnn"].build(MIXED.shape, width=2)
    network.save_weights(tmp_path / "a.weights.h5")
    found = import_weights(tmp_path / "a.weights.h5", "cnn", {"width": 2}, front_end=MIXED)
    x = features(MIXED)
    assert logit(found, x) == pytest.approx(float(network(x[None])[0, 0]), abs=1e-6)
    with pytest.raises(DataError, match="not loaded"):
        import_weights(tmp_path / "a.weights.h5", "cnn", {"width": 3}, front_end=MIXED)
    network.layers[-1].bias.assign([np.nan])
    network.save_weights(tmp_path / "b.weights.h5")
    with pytest.raises(DataError, match="1 numbers are not finite"):
        import_weights(tmp_path / "b.weights.h5", "cnn", {"width": 2}, front_end=MIXED)


def test_photographs_are_a_start_for_training(tmp_path):
    state, x = papers.State(), features(MIXED)
    papers.resnet18(state, np.zeros((3, 35, 32)), classes=1000)
    write_zip(tmp_path / "a.pth", tensors(counted(state)))
    network = MODELS["resnet18"].build(MIXED.shape, weights=str(tmp_path / "a.pth"))
    head = network.get_layer("fc")
    del state["fc.weight"], state["fc.bias"]
    state["fc.weight"] = np.concatenate([0 * head.kernel.numpy().T, head.kernel.numpy().T])
    state["fc.bias"] = np.zeros(2, np.float32)
    expected = papers.resnet18(state, np.repeat(upright(x), 3, axis=0))[1]
    assert float(network(x[None])[0, 0]) == pytest.approx(expected, abs=1e-4 * abs(expected) + 1e-5)
    with pytest.raises(DataError, match="fc has 1000 classes"):
        import_weights(tmp_path / "a.pth", "resnet18", front_end=MIXED)


# AASIST.pth and AASIST-L.pth (clovaai/aasist), 4-16.pth (eurecom-asp/pc-darts-anti-spoofing) as
# pcdarts-4-16.pth, and known_answers.json: the logits of the original networks on `signal`
FOLDER = Path(os.environ.get("FAKE_AUDIO_PUBLISHED", "unset"))
at_hand = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="FAKE_AUDIO_PUBLISHED names no folder with the published weights and their answers",
)


def signal(name):
    """The signals of known_answers.json, 64,600 samples at 16 kHz."""
    kind, *numbers = name.split("_")
    t = np.arange(64600) / 16000
    if kind == "noise":
        return (0.1 * np.random.default_rng(int(numbers[0])).standard_normal(64600)).astype("f4")
    if kind == "chirp":
        low, high = map(float, numbers)
        return (0.3 * np.sin(2 * np.pi * (low * t + (high - low) * t**2 / (2 * t[-1])))).astype(
            "f4"
        )
    tone = sum(np.sin(2 * np.pi * float(numbers[0]) * k * t) / k for k in range(1, 20))
    return (0.05 * tone * (1 + np.sin(2 * np.pi * 3 * t))).astype("f4")


@at_hand
@pytest.mark.parametrize("file, model", [("AASIST", "aasist"), ("AASIST-L", "aasist_l")])
def test_the_published_aasist_gives_the_published_logits(file, model):
    answers = read_json(FOLDER / "known_answers.json")[file]
    expected = np.array(list(answers.values()))
    for score, wanted in (
        ("difference", expected[:, 1] - expected[:, 0]),
        ("bonafide", expected[:, 1]),
    ):
        found = import_weights(FOLDER / f"{file}.pth", model, score=score)
        x = found.front_end.batch([signal(name) for name in answers])
        assert np.abs(found.logits(x) - wanted).max() < 1e-4


@at_hand
def test_the_published_pcdarts_gives_the_logits_of_its_weights():
    found = import_weights(FOLDER / "pcdarts-4-16.pth", "pcdarts")
    assert found.front_end == PUBLISHED["pcdarts"]
    state = papers.State(
        {k: v for k, v in read_tensors(FOLDER / "pcdarts-4-16.pth").items() if "num_" not in k}
    )
    genotype = read_json(GENOTYPES["published"])
    for name in ("noise_0", "chirp_50_7000", "buzz_110"):
        x = found.front_end(signal(name))
        spoof, real = papers.pcdarts(state, turned(x), genotype)
        assert logit(found, x) == pytest.approx(real - spoof, abs=1e-4)
