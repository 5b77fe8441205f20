import numpy as np
import pandas as pd
import pytest

from experiment.errors import UsageError
from tests.xai.conftest import FRONT, Small, linear_weights
from xai import explain, phonation, sanity, transform
from xai.audible import audible, on_transform
from xai.significance import paired, sign_flip


@pytest.fixture(scope="module")
def everywhere():
    detector = Small(FRONT, weights=linear_weights(FRONT, ..., seed=2))
    return detector


def test_mufidelity_of_the_exact_map_is_one(everywhere, clips):
    found = explain(everywhere, clips, "occlusion")
    table = sanity.mufidelity(everywhere, clips, found).groupby("method").mufidelity.mean()
    assert table["occlusion"] == pytest.approx(1, abs=1e-3)
    assert abs(table["random"]) < 0.5 and abs(table["energy"]) < 0.9


def test_sensitivity_of_a_linear_gradient_is_zero(linear, clips):
    assert (sanity.sensitivity(linear, clips, "saliency").sensitivity < 1e-5).all()


def test_sensitivity_grows_with_the_noise(cnn, clips):
    quiet, loud = (
        sanity.sensitivity(cnn, clips, "integrated_gradients", decibels=d, draws=1).sensitivity
        for d in (60, 10)
    )
    assert (quiet < loud).all()


def test_stability_of_deterministic_and_random_methods(cnn, clips):
    assert np.allclose(sanity.stability(cnn, clips, "occlusion").spearman, 1)
    few = sanity.stability(cnn, clips, "shap", samples=100).spearman.mean()
    many = sanity.stability(cnn, clips, "shap", samples=1500).spearman.mean()
    assert few < many <= 1


def test_the_network_gets_its_weights_back(cnn, clips):
    before = cnn.logits(cnn.features(clips))
    with pytest.raises(RuntimeError), sanity.forgotten(cnn.network, seed=1):
        during = cnn.logits(cnn.features(clips))
        raise RuntimeError
    np.testing.assert_array_equal(cnn.logits(cnn.features(clips)), before)
    assert np.abs(during - before).max() > 1e-3


def test_a_map_that_ignores_the_network_fails_the_randomisation_check(cnn, clips):
    blind = sanity.parameter_randomisation(cnn, clips, "energy").spearman
    honest = sanity.parameter_randomisation(cnn, clips, "occlusion").spearman
    assert np.allclose(blind, 1) and honest.mean() < 0.9


def test_only_the_top_can_forget(cnn):
    weights = [w.numpy().copy() for w in cnn.network.layers[1].weights]
    with sanity.forgotten(cnn.network, top=1):
        for old, new in zip(weights, cnn.network.layers[1].weights, strict=True):
            np.testing.assert_array_equal(old, new.numpy())


def test_parameter_randomisation_needs_a_network(everywhere, clips):
    with pytest.raises(UsageError, match="none"):
        sanity.parameter_randomisation(everywhere, clips, "occlusion")


def test_shuffled_labels_keep_the_counts(corpus):
    mixed = sanity.shuffled_labels(corpus, seed=3)
    assert (mixed.label.value_counts() == corpus.label.value_counts()).all()
    assert (mixed.label.to_numpy() != corpus.label.to_numpy()).any()
    assert ((mixed.label == "bonafide") == (mixed.attack == "")).all()


def test_audible_parts_sum_to_the_clip(everywhere, clips):
    explanation = explain(everywhere, clips[:1], "occlusion", "spoof")[0]
    found = audible(everywhere, clips[0], explanation, share=0.1)
    np.testing.assert_allclose(found.heard + found.left, found.whole, atol=1e-6)
    assert 0 < found.share < 0.25 and set(found.scores) == {"whole", "heard", "left"}
    with pytest.raises(UsageError, match="not of"):
        audible(everywhere, clips[1], explanation)


def test_audible_evidence_lies_in_the_band_of_the_map(everywhere, clips):
    explanation = explain(everywhere, clips[:1], "random")[0]
    heat = np.where((explanation.frequencies > 1500) & (explanation.frequencies < 2500), 1.0, 0)
    heat = np.broadcast_to(heat, explanation.heat.shape)
    explanation = type(explanation)(**{**vars(explanation), "heat": heat})
    found = audible(everywhere, clips[0], explanation, share=0.9)
    power = np.abs(np.fft.rfft(found.heard)) ** 2
    hertz = np.fft.rfftfreq(len(found.heard), 1 / 16000)
    assert power[(hertz > 1200) & (hertz < 2900)].sum() > 0.99 * power.sum()


def test_maps_keep_their_place_on_the_axes_of_the_transform(linear, clips):
    explanation = explain(linear, clips[:1], "saliency")[0]
    wide = on_transform(explanation, 16000, 16000)
    times, frequencies = transform.axes(16000, 16000)
    row, column = np.unravel_index(wide.argmax(), wide.shape)
    best = np.unravel_index(explanation.heat.argmax(), explanation.heat.shape)
    assert abs(times[row] - explanation.times[best[0]]) < 0.04
    assert abs(frequencies[column] - explanation.frequencies[best[1]]) < 60


def test_voiced_unvoiced_and_silent_frames():
    pulses = np.zeros(16000)
    pulses[::133] = 1
    noise = np.random.default_rng(0).normal(size=16000) * 0.05
    signal = np.concatenate([pulses, noise, np.zeros(16000)])
    index = phonation.regions(signal, np.array([0.3, 0.5, 1.3, 1.5, 2.3, 2.5]))
    assert index.tolist() == [0, 0, 1, 1, 2, 2]


def test_speech_has_all_three_and_shares_sum_to_one(cnn, clips):
    found = explain(cnn, clips, "occlusion")
    signals = {clip.name: cnn.front_end.fit(clip.samples) for clip in clips}
    frame = phonation.shares(found, signals)
    assert frame.groupby("name").share.sum().tolist() == pytest.approx([1, 1, 1])
    assert frame.groupby("region").flat.mean()["voiced"] > 0.1


def test_sign_flip_by_group():
    values, groups = np.ones(20), np.arange(20)
    assert sign_flip(values, groups) < 0.01
    assert sign_flip(values, np.repeat([0, 1], 10)) > 0.3  # two speakers prove nothing
    assert sign_flip(np.tile([1, -1], 10), groups) > 0.9


def test_paired_difference():
    clips = [f"c{k}" for k in range(12)]
    noise = np.random.default_rng(0).normal(size=12)
    frame = pd.concat(
        pd.DataFrame({"name": clips, "target": "spoof", "method": m, "gain": noise + shift})
        for m, shift in (("random", 0.0), ("good", 0.5))
    )
    manifest = pd.DataFrame({"name": clips, "speaker": np.arange(12) % 6})
    row = paired(frame, "gain", "random", manifest).iloc[0]
    assert row.method == "good" and row.value == pytest.approx(0.5)
    assert row.low == pytest.approx(0.5) and (row.n, row.groups) == (12, 6) and row.p < 0.06
