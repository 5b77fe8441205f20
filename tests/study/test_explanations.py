from dataclasses import replace

import pytest

from audio.frontends import LogMel
from detect.use.detector import Detector
from study.detectors import CONDITIONS, folder_of
from study.explanations import FILLS, METHODS, choose, explain
from xai.explanation import Explanation


@pytest.fixture(scope="module")
def settings(settings):
    chosen = {"detectors": ("cnn",), "explained_detector": "cnn", "explained": 1}
    return replace(settings, **chosen)


@pytest.fixture(scope="module")
def found(manifest, settings, shared_run):
    """What two detectors of other initial weights see in a clip of each attack."""
    import keras

    from detect.models import cnn

    front_end = LogMel(seconds=1.0)
    for seed, side in enumerate(CONDITIONS):
        keras.utils.set_random_seed(seed)
        detector = Detector("cnn", front_end, cnn.build(front_end.shape))
        detector.save(folder_of(shared_run, "cnn", side, 0))
    return explain(settings, manifest, shared_run)


def test_each_chosen_clip_is_explained_by_each_method_for_its_own_class(
    found, manifest, settings, shared_run
):
    chosen = choose(settings, manifest).set_index("name")
    pairs = {(row["name"], row["method"]) for row in found["files"]}
    assert pairs == {(name, method) for name in chosen.index for method in METHODS}
    augmented = Detector.load(folder_of(shared_run, "cnn", "augmented", 0))
    for row in found["files"]:
        kept = Explanation.load(shared_run.path("explanations", row["file"]))
        assert (kept.name, kept.method) == (row["name"], row["method"])
        assert kept.target == chosen.loc[row["name"], "label"]
        assert kept.detector == augmented.digest


def test_methods_are_judged_compared_and_timed(found):
    pairs = {(row["fill"], row["method"]) for row in found["faithfulness"]}
    assert {(fill, method) for fill in FILLS for method in METHODS} <= pairs
    agreed = {frozenset((row["first"], row["second"])) for row in found["agreement"]}
    assert len(agreed) == 3
    assert {row["method"] for row in found["seconds"]} == set(METHODS)


def test_evidence_is_shared_out_over_bands_and_moves_between_detectors(found):
    assert {row["method"] for row in found["bands"]} >= set(METHODS)
    assert any(row["value"] != 0 for row in found["moved"])


def test_speakers_take_turns(manifest, settings):
    chosen = choose(replace(settings, explained=3), manifest)
    test = manifest[manifest["split"] == "test"]
    for attack, part in test.groupby("attack"):
        picked = chosen[chosen["attack"] == attack]
        assert len(picked) == min(3, len(part))
        assert picked["speaker"].nunique() == min(3, part["speaker"].nunique())
