"""Each method against a closed form, an independent implementation or a symmetry."""

import numpy as np
import pytest

from tests.xai.conftest import EVIDENCE
from xai import explain
from xai.canvas import evidence, make_canvas
from xai.explainers.shap_kernel import coalitions, shapley
from xai.subject import Subject
from xai.superpixels import Grid, cell_means, spread

SMALL = Grid((0, 500, 1500, 8000), 250)  # 3 bands, 5 columns


def deviation(linear, clip, background=None):
    """Features less what the fill ``mean`` puts in their place, [frames, bands]."""
    plane = linear.features([clip])[0, ..., 0]
    return plane - plane.mean(axis=0)


def exact(linear, clip):
    """What every additive method must find on a linear model."""
    return linear.weights[..., 0] * deviation(linear, clip)


def by_cell(heat, cells):
    return np.bincount(cells.ravel(), heat.ravel())


def test_saliency_is_the_weights_of_a_linear_model(linear, clips):
    heat = explain(linear, clips[:1], "saliency")[0].heat
    np.testing.assert_allclose(heat, np.abs(linear.weights[..., 0]), atol=1e-6)


@pytest.mark.parametrize("method", ["integrated_gradients", "shap_gradient"])
def test_path_methods_on_a_linear_model(method, linear, clips):
    heat = explain(linear, clips[:1], method)[0].heat
    np.testing.assert_allclose(heat, exact(linear, clips[0]), atol=1e-5)


@pytest.mark.parametrize(
    ("method", "options", "tolerance"),
    [
        ("occlusion", {}, 1e-4),
        ("shap", {"samples": 400}, 1e-3),
        ("shap_partition", {"samples": 2000}, 1e-3),
        ("lime", {"samples": 4000, "width": 10.0}, 0.05),
    ],
)
def test_superpixel_methods_on_a_linear_model(method, options, tolerance, linear, clips):
    found = explain(linear, clips[:1], method, grid=SMALL, **options)[0]
    cells = SMALL.cells(found.times, found.frequencies)
    want = by_cell(exact(linear, clips[0]), cells)
    np.testing.assert_allclose(by_cell(found.heat, cells), want, atol=tolerance * np.ptp(want))


def test_integrated_gradients_are_complete_on_a_cnn(cnn, clips):
    subject = Subject(cnn, tuple(clips))
    fills = [make_canvas(subject, k).filling for k in range(len(clips))]
    start = np.reshape(fills, subject.features.shape)
    want = subject.logits(subject.features) - subject.logits(start)
    found = [e.heat.sum() for e in explain(cnn, clips, "integrated_gradients", steps=200)]
    np.testing.assert_allclose(found, want, atol=1e-3)


def test_integrated_gradients_are_complete_on_a_waveform(wave, clips):
    logits = wave.logits(wave.features(clips)) - wave.logits(np.zeros((1, 16000, 1), np.float32))
    found = [e.heat.sum() for e in explain(wave, clips, "integrated_gradients", steps=200)]
    np.testing.assert_allclose(found, logits, atol=0.02 * np.abs(logits).max())


def test_incomplete_integration_warns(cnn, clips):
    from xai.explainers.integrated_gradients import check_complete

    subject = Subject(cnn, tuple(clips))
    with pytest.warns(UserWarning, match="use more steps"):
        check_complete(subject, np.zeros_like(subject.features), np.full((3, 1, 1), 9.0))


def test_shapley_values_of_a_small_game():
    """Three players with an interaction: values by the definition over all six orders."""
    from itertools import permutations

    def worth(players):
        return len(players) + 5 * ({0, 1} <= set(players)) - 2 * (2 in players)

    orders = list(permutations(range(3)))
    want = [
        np.mean([worth(o[: o.index(p) + 1]) - worth(o[: o.index(p)]) for o in orders])
        for p in range(3)
    ]
    keep, weights = coalitions(100, 3, np.random.default_rng(0))
    logits = [worth(np.flatnonzero(row)) for row in [np.zeros(3), np.ones(3), *keep]]
    np.testing.assert_allclose(shapley(keep, weights, np.array(logits)), want, atol=1e-9)


def test_kernel_shap_equals_the_shap_package(cnn, clips):
    import shap

    grid = Grid((0, 1000, 8000), 250)
    subject = Subject(cnn, tuple(clips[:1]))
    canvas = make_canvas(subject, 0, grid)
    assert canvas.size <= 12
    package = shap.KernelExplainer(lambda z: evidence(canvas, z), np.zeros((1, canvas.size)))
    want = package.shap_values(np.ones((1, canvas.size)), nsamples=4096, silent=True)[0]
    heat = explain(cnn, clips[:1], "shap", grid=grid, samples=4096)[0].heat
    np.testing.assert_allclose(by_cell(heat, canvas.cells), want, atol=1e-3 * np.ptp(want))


def test_sampled_shapley_values_are_close_and_sum_up(cnn, clips):
    grid = Grid((0, 1000, 8000), 100)
    subject = Subject(cnn, tuple(clips[:1]))
    canvas = make_canvas(subject, 0, grid)
    few, many = (explain(cnn, clips[:1], "shap", grid=grid, samples=n)[0].heat for n in (800, 8000))
    ends = evidence(canvas, np.stack([np.zeros(canvas.size), np.ones(canvas.size)]))
    np.testing.assert_allclose(few.sum(), ends[1] - ends[0], atol=1e-4)
    few, many = (by_cell(heat, canvas.cells) for heat in (few, many))
    assert np.corrcoef(few, many)[0, 1] > 0.95


def test_lime_equals_lime_image_on_the_same_superpixels(cnn, clips):
    """lime_image with our segments, fill and model, each with its own random subsets."""
    from lime.lime_image import LimeImageExplainer

    subject = Subject(cnn, tuple(clips[:1]))
    canvas = make_canvas(subject, 0, SMALL, "silence")
    low = float(canvas.filling.min())

    def scores(images):
        return subject.logits(images[..., :1].astype(np.float32))[:, None]

    image = np.repeat(canvas.original[..., None], 3, axis=-1).astype(float)
    package = LimeImageExplainer(random_state=0, feature_selection="none").explain_instance(
        image,
        scores,
        hide_color=low,
        num_samples=3000,
        top_labels=1,
        batch_size=100,
        segmentation_fn=lambda _: canvas.cells,
        num_features=99,
    )
    want = np.array([w for _, w in sorted(package.local_exp[0])])
    found = explain(cnn, clips[:1], "lime", grid=SMALL, samples=3000, fill="silence")[0].heat
    np.testing.assert_allclose(by_cell(found, canvas.cells), want, atol=0.1 * np.ptp(want))


def test_gradcam_by_the_definition(cnn, clips):
    """Weights from finite differences of the network behind the maps."""
    import keras

    maps = keras.Model(cnn.network.input, cnn.network.get_layer("maps").output)
    head = cnn.network.layers[-1].get_weights()[0][:, 0]
    activation = maps(cnn.features(clips[:1])).numpy()[0]
    small = np.maximum((activation * head / activation[..., 0].size).sum(-1), 0)
    heat = explain(cnn, clips[:1], "gradcam")[0].heat
    zoom = np.array(heat.shape) / small.shape
    centres = [
        ((np.arange(n) + 0.5) * z - 0.5).round().astype(int)
        for n, z in zip(small.shape, zoom, strict=True)
    ]
    reduced = heat[np.ix_(*centres)]
    assert np.corrcoef(reduced.ravel(), small.ravel())[0, 1] > 0.95
    assert heat.max() <= small.max() + 1e-6


@pytest.mark.parametrize(
    "method", ["saliency", "smoothgrad", "integrated_gradients", "shap_gradient"]
)
def test_nothing_outside_the_receptive_field(method, linear, clips):
    heat = explain(linear, clips[:1], method)[0].heat
    outside = np.ones(heat.shape, bool)
    outside[EVIDENCE] = False
    assert np.abs(heat[EVIDENCE]).max() > 0 and not heat[outside].any()


@pytest.mark.parametrize("method", ["occlusion", "shap", "shap_partition"])
def test_no_evidence_in_superpixels_that_are_not_seen(method, linear, clips):
    found = explain(linear, clips[:1], method, grid=SMALL)[0]
    cells = SMALL.cells(found.times, found.frequencies)
    seen = np.unique(cells[EVIDENCE])
    unseen = ~np.isin(cells, seen)
    assert unseen.any() and np.abs(found.heat[unseen]).max() < 1e-4 * np.abs(found.heat).max()


@pytest.mark.parametrize("method", ["gradcam", "saliency", "integrated_gradients", "occlusion"])
def test_shifted_input_shifts_the_map(method, cnn):
    """One burst on a flat plane, moved by one superpixel and a multiple of the pooling."""
    first, second = (shifted_plane(cnn, start) for start in (8, 16))
    options = {"grid": Grid(milliseconds=256)} if method == "occlusion" else {}
    maps = [
        explain(fixed(cnn, plane), [EMPTY], method, **options)[0].heat for plane in (first, second)
    ]
    inner = slice(4, 20)
    moved = np.roll(maps[0], 8, axis=0)
    assert np.abs(maps[0]).max() > 0
    assert np.corrcoef(moved[8:][inner].ravel(), maps[1][8:][inner].ravel())[0, 1] > 0.9


def shifted_plane(detector, start):
    plane = np.zeros(detector.front_end.shape, np.float32)
    plane[start : start + 4, 10:20] = 2
    return plane


def fixed(detector, plane):
    """The same detector, whose front end always answers with `plane`."""
    from tests.xai.conftest import Small

    twin = Small(detector.front_end, detector.network)
    twin.features = lambda clips: np.repeat(plane[None], len(clips), axis=0)
    return twin


class EMPTY:
    name = digest = "empty"
    samples = np.zeros(16000, np.float32)


def test_spread_keeps_sums_and_cell_means_undo_it():
    cells = SMALL.cells(np.arange(20) / 20, np.linspace(0, 8000, 32))
    values = np.random.default_rng(0).normal(size=cells.max() + 1)
    heat = spread(values, cells)
    np.testing.assert_allclose(heat.sum(), values.sum())
    np.testing.assert_allclose(cell_means(heat, cells) * np.bincount(cells.ravel()), values)


def test_band_occlusion_finds_the_band(clips):
    """A detector that only hears 2000 to 3000 Hz."""
    from audio.frontends import LogMel
    from tests.xai.conftest import Small

    front = LogMel(seconds=1.0, bands=64)
    weights = np.zeros(front.shape, np.float32)
    inside = (front.frequencies > 2100) & (front.frequencies < 2900)
    weights[:, inside] = 0.01
    found = explain(Small(front, weights=weights), clips[:1], "band_occlusion")[0]
    share = found.heat.sum(axis=0)
    peak = found.frequencies[np.argmax(share)]
    assert 2000 <= peak <= 3000
