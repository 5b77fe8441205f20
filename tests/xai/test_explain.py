"""One contract for every explainer, on every kind of detector that it can explain."""

import numpy as np
import pytest

from experiment.errors import DataError, UsageError
from xai import BASELINES, EXPLAINERS, Explanation, explain

GRADIENTS = {
    "gradcam",
    "gradcam++",
    "saliency",
    "smoothgrad",
    "integrated_gradients",
    "shap_gradient",
}
CHEAP = {
    "rise": {"samples": 60},
    "lime": {"samples": 60},
    "shap": {"samples": 200},
    "shap_partition": {"samples": 60},
    "shap_gradient": {"samples": 20},
    "smoothgrad": {"samples": 10},
}
EVERY = sorted({**EXPLAINERS, **BASELINES})
BLACK_BOX = sorted(set(EVERY) - GRADIENTS)


def check(explanations, detector, clips):
    assert [e.name for e in explanations] == [clip.name for clip in clips]
    for e in explanations:
        assert e.heat.shape == (len(e.times), len(e.frequencies))
        assert e.heat.dtype == np.float32 and np.isfinite(e.heat).all()
        assert e.times[0] >= 0 and (np.diff(e.times) > 0).all()
        assert e.times[-1] <= detector.front_end.seconds + 0.1
        assert (np.diff(e.frequencies) > 0).all() and e.frequencies[-1] <= 8000
        assert e.detector == detector.digest and e.seconds > 0


@pytest.mark.parametrize("method", EVERY)
def test_contract_on_a_spectrogram_network(method, cnn, clips):
    options = CHEAP.get(method, {})
    first = explain(cnn, clips, method, seed=5, **options)
    check(first, cnn, clips)
    assert first[0].heat.shape == cnn.front_end.shape[:2]
    assert any(np.ptp(e.heat) > 0 for e in first)
    alone = explain(cnn, clips[2:], method, seed=5, **options)[0]
    np.testing.assert_allclose(first[2].heat, alone.heat, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("method", sorted(set(EXPLAINERS) - {"gradcam++"}))
def test_target_chooses_the_sign(method, linear, clips):
    options = {"relu": False, "layer": None} if method == "gradcam" else CHEAP.get(method, {})
    if method == "gradcam":
        pytest.raises(UsageError, explain, linear, clips, method)
        return
    real = explain(linear, clips[:1], method, "bonafide", **options)[0].heat
    fake = explain(linear, clips[:1], method, "spoof", **options)[0].heat
    sign = 1 if method in ("saliency", "smoothgrad") else -1
    np.testing.assert_allclose(real, sign * fake, atol=1e-4)


@pytest.mark.parametrize("method", BLACK_BOX)
def test_cepstral_detector_without_network(method, black_box, clips):
    options = CHEAP.get(method, {})
    found = explain(black_box, clips[:2], method, **options)
    check(found, black_box, clips[:2])
    assert np.ptp(found[0].heat) > 0


@pytest.mark.parametrize("method", EVERY)
def test_waveform_network(method, wave, clips):
    found = explain(wave, clips[:2], method, **CHEAP.get(method, {}))
    check(found, wave, clips[:2])


@pytest.mark.parametrize("method", sorted(GRADIENTS))
def test_gradients_where_there_are_none(method, black_box, clips):
    with pytest.raises(UsageError, match="use a method that only asks for scores"):
        explain(black_box, clips[:1], method)


@pytest.mark.parametrize("method", ["lime", "shap", "occlusion"])
def test_parts_of_the_sound_of_a_spectrogram_network(method, cnn, clips):
    found = explain(cnn, clips[:1], method, domain="sound", **CHEAP.get(method, {}))
    assert len(found[0].frequencies) == 257 and np.ptp(found[0].heat) > 0


def test_background_changes_the_map_and_is_recorded(cnn, clips):
    own = explain(cnn, clips[:1], "occlusion")[0]
    shared = explain(cnn, clips[:1], "occlusion", background=clips)[0]
    assert np.abs(own.heat - shared.heat).max() > 1e-6
    assert shared.options == {"background": [clip.name for clip in clips]}


def test_save_and_load(cnn, clips, tmp_path):
    before = explain(cnn, clips[:1], "lime", samples=40, fill="silence")[0]
    before.save(tmp_path / "a.npz")
    after = Explanation.load(tmp_path / "a.npz")
    np.testing.assert_array_equal(before.heat, after.heat)
    np.testing.assert_array_equal(before.frequencies, after.frequencies)
    assert (after.name, after.method, after.seed, after.options, after.seconds) == (
        before.name,
        "lime",
        0,
        {"samples": 40, "fill": "silence"},
        before.seconds,
    )


def test_damaged_file(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"PK not a zip")
    with pytest.raises(DataError, match="explain again"):
        Explanation.load(tmp_path / "a.npz")
    with pytest.raises(DataError, match="b.npz"):
        Explanation.load(tmp_path / "b.npz")


@pytest.mark.parametrize(
    ("method", "options", "words"),
    [
        ("magic", {}, "gradcam"),
        ("lime", {"target": "real"}, "bonafide"),
        ("lime", {"sample": 3}, "samples"),
        ("lime", {"fill": "snow"}, "neighbour"),
        ("lime", {"domain": "pixels"}, "sound"),
    ],
)
def test_mistakes_name_the_remedy(method, options, words, linear, clips):
    with pytest.raises(UsageError, match=words):
        explain(linear, clips[:1], method, **options)
