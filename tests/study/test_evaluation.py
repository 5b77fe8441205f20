import pandas as pd
import pytest

from study.corpus import seen_attacks
from study.detectors import CONDITIONS
from study.evaluation import evaluate, scored
from study.generators import called
from tests.study.conftest import FIRST, SECOND

FOOLED = {"corpus": (FIRST, SECOND), "augmented": (SECOND,)}  # who passes for real speech


@pytest.fixture
def scores(manifest, settings, run):
    """Scores of detectors that tell everything apart but what fools them."""
    held_out = manifest[manifest["split"] != "train"]
    parts = [_scores(held_out, side, seed) for side in CONDITIONS for seed in range(settings.seeds)]
    pd.concat(parts).to_csv(run.path("scores.tsv"), sep="\t", index=False)


def _scores(frame, condition, seed):
    passes = (frame["label"] == "bonafide") | frame["attack"].isin(FOOLED[condition])
    facts = {"model": "mfcc_svm", "condition": condition, "seed": seed, "threshold": 0.0}
    rank = frame.groupby(["split", "attack"]).cumcount()
    return frame[["name"]].assign(score=2.0 * passes - 1 + rank / 100, **facts)


def pick(rows, **where):
    [row] = [row for row in rows if all(row[name] == value for name, value in where.items())]
    return row


def test_seen_and_unseen_attacks_and_generated_clips_are_judged_apart(
    manifest, scores, settings, run
):
    found = evaluate(settings, manifest, run)
    own = [row for row in found["metrics"] if row["kind"] != "generated"]
    assert {row["value"] for row in own if row["metric"] == "eer"} == {0}
    test = manifest[(manifest["split"] == "test") & (manifest["source"] != "gan")]
    seen = test.loc[test["label"] == "spoof", "attack"].isin(seen_attacks(manifest))
    kinds = {name for name, there in (("seen", seen), ("unseen", ~seen)) if there.any()}
    assert {row["kind"] for row in own if row["split"] == "test"} == {"all", "attack", *kinds}
    for side in CONDITIONS:
        for name in (FIRST, SECOND):
            where = {"condition": side, "kind": "generated", "group": name, "metric": "auc"}
            row = pick(found["metrics"], **where)
            assert (row["value"] > 0.9) == (name not in FOOLED[side])
            assert row["low"] <= row["value"] <= row["high"]
    assert (found["generator"], found["second"]) == (called(FIRST), called(SECOND))
    assert len(pd.read_csv(run.path("metrics.csv"))) == len(found["metrics"])


def test_the_difference_is_what_the_generated_fakes_made(manifest, scores, settings, run):
    rows = evaluate(settings, manifest, run)["differences"]
    assert pick(rows, group="generated clips", metric="auc")["value"] > 0.4
    assert pick(rows, group="clips of another generator", metric="auc")["value"] == 0
    assert pick(rows, group="all attacks of the corpus", metric="auc")["value"] == 0


def test_what_holds_fixed_a_source_a_speaker_or_a_text_knows_no_generated_clip(
    manifest, scores, settings, run
):
    found = evaluate(settings, manifest, run)
    assert {row["condition"] for row in found["world"]} == set(CONDITIONS)
    assert all(row["value"] == 1 for row in found["world"])
    assert found["parts"] is None


def test_names_of_digits_stay_text(manifest, scores, settings, run):
    numbered = manifest.assign(name=[f"{k:04d}" for k in range(len(manifest))])
    held_out = numbered[numbered["split"] != "train"]
    _scores(held_out, "corpus", 0).to_csv(run.path("scores.tsv"), sep="\t", index=False)
    assert scored(numbered, run)["name"].tolist() == held_out["name"].tolist()
