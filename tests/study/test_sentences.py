import pytest

from study.sentences import answers, change, fooling, verdict


def metric(condition, name, value, kind="generated", group="vocos-starter"):
    return {
        "model": "cnn",
        "condition": condition,
        "split": "test",
        "kind": kind,
        "group": group,
        "metric": name,
        "value": value,
        "low": value - 0.05,
        "high": value + 0.05,
    }


def on_dev(condition, value):
    row = metric(condition, "auc", value)
    return {**row, "split": "dev", "kind": "all", "group": "all"}


def difference(group, value, low, high):
    row = {"model": "cnn", "metric": "eer", "group": group}
    return {**row, "value": value, "low": low, "high": high}


@pytest.fixture
def evaluation():
    return {
        "metrics": [
            metric("corpus", "recall", 0.25),
            metric("augmented", "recall", 0.9),
            metric("corpus", "recall", 0.2, group="codec-starter"),
            metric("augmented", "recall", 0.5, group="codec-starter"),
            on_dev("corpus", 0.8),
            on_dev("augmented", 0.81),
        ],
        "differences": [
            difference("all attacks of the corpus", 0.01, -0.02, 0.04),
            difference("attacks unseen in training", -0.03, -0.05, -0.01),
        ],
        "generator": "vocos-starter",
        "second": "codec-starter",
    }


def test_who_is_fooled_is_what_recall_leaves(evaluation):
    assert fooling(evaluation, "cnn") == (
        "Fakes that cnn takes for bona fide speech — clips of vocos-starter: "
        "corpus alone 75.0 % [70.0, 80.0], with generated fakes 10.0 % [5.00, 15.0]; "
        "clips of codec-starter, another generator: "
        "corpus alone 80.0 % [75.0, 85.0], with generated fakes 50.0 % [45.0, 55.0]."
    )


def test_unseen_attacks_are_named_where_there_are_some(evaluation):
    for condition in ("corpus", "augmented"):
        evaluation["metrics"].append(metric(condition, "recall", 0.4, "unseen", "unseen"))
    assert "attacks unseen in training: corpus alone 60.0 %" in fooling(evaluation, "cnn")


def test_the_change_is_told_on_unseen_attacks_in_points(evaluation):
    told = change(evaluation, "cnn")
    assert "attacks unseen in training by −3.00 points [−5.00, −1.00]" in told
    assert told.endswith("they helped.")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-2.0, -1.0, "they helped"),
        (1.0, 2.0, "they did harm"),
        (-1.0, 2.0, "no effect is shown"),
        (None, None, "too few speakers"),
    ],
)
def test_an_interval_is_read_as_it_is(low, high, words):
    assert words in verdict({"value": 0.0, "low": low, "high": high})


def test_a_detector_at_chance_on_dev_is_called_a_guess(evaluation):
    evaluation["metrics"][4:] = [on_dev("corpus", 0.51), on_dev("augmented", 0.5)]
    rows = [{"set": "real", "kind": "generated", "value": 0.5, "low": 0.4, "high": 0.6}]
    told = answers(evaluation, {"embedding": "yamnet", "rows": rows})
    assert len(told) == 2
    assert "did not learn" in told[0]
    assert "corpus alone: 0.510 [0.460, 0.560]" in told[0]


def test_the_distance_stands_beside_real_speech(evaluation):
    rows = [
        {"set": "real", "kind": "real", "value": 0.5, "low": 0.4, "high": 0.6},
        {"set": "wavegan", "kind": "generated", "value": 12.0, "low": 11.0, "high": 13.0},
    ]
    last = answers(evaluation, {"embedding": "yamnet", "rows": rows})[-1]
    assert "wavegan 12.0 [11.0, 13.0]" in last
    assert "real speech of the same speakers 0.500 [0.400, 0.600]" in last
