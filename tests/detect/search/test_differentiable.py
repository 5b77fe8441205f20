import numpy as np
import pytest

import detect.search.differentiable
from detect import MODELS, TrainConfig
from detect.models.blocks.cells import OPERATIONS
from detect.models.pcdarts import GENOTYPES, validate
from detect.search.differentiable import SearchConfig, derive, halves, parts_of, search
from detect.training.optimise import Set, initialised, optimise
from experiment.errors import DataError, UsageError
from experiment.files import read_json
from experiment.seeds import rng
from fake_audio.commands import call

pytestmark = pytest.mark.slow

keras = pytest.importorskip("keras")
SMALL = SearchConfig(epochs=2, warmup=1, batch=8, channels=4, cells=3)
PUBLISHED = read_json(GENOTYPES["published"])
SIMPLE = [["sep_conv_3x3", 0], ["skip_connect", 1]] + 3 * [["skip_connect", 0], ["skip_connect", 1]]


@pytest.fixture
def few(monkeypatch):
    """Two operations and no compilation, which take less time than seven."""
    import tensorflow as tf

    some = {name: OPERATIONS[name] for name in ("avg_pool_3x3", "skip_connect")}
    monkeypatch.setattr("detect.search.supernet.OPERATIONS", some)
    monkeypatch.setattr("detect.search.differentiable.OPERATIONS", some)
    tf.config.run_functions_eagerly(True)
    yield some
    tf.config.run_functions_eagerly(False)


def labelled(n=32):
    """Pictures of which the bona fide ones are brighter in one half."""
    real = np.arange(n) % 2 == 0
    features = rng(0).normal(size=(n, 32, 16, 1)).astype(np.float32)
    features[real, :, :8] += 1
    return features, real


def test_gradients_reach_every_choice_and_edge_of_the_supernet(few):
    import tensorflow as tf

    from detect.search import supernet

    network = supernet.build((32, 16, 1), SMALL.channels, SMALL.cells, SMALL.parts)
    weights, cells = parts_of(network)
    assert [variable.name for variable in cells] == ["alphas", "betas"] * 2
    assert len(weights) + len(cells) == len(network.trainable_weights)
    features, real = labelled(8)
    with tf.GradientTape() as tape:
        logits = network(features, training=True)[:, 0]
        value = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(real.astype("f"), logits))
    for gradient in tape.gradient(value, cells):
        assert np.isfinite(gradient.numpy()).all()
        assert (np.abs(gradient.numpy()) > 0).all()


def test_a_search_moves_the_cells_after_the_warm_up_and_writes_what_it_found(few, tmp_path):
    path = tmp_path / "cells.json"
    features, real = labelled()
    found = search(features, real, SMALL, path)
    assert read_json(path) == found
    validate(found)
    assert {name for kind in ("normal", "reduce") for name, _ in found[kind]} <= set(few)
    first, second = found["search"]["curves"]
    assert set(first) == {"epoch", "weights"} and set(second) == {"epoch", "weights", "cells"}
    assert found["search"]["clips"] == 32
    network = MODELS["pcdarts"].build((32, 16, 1), genotype=path, channels=4)
    assert network.output_shape == (None, 1)


def test_an_interrupted_search_goes_on_to_the_same_cells(few, tmp_path, monkeypatch):
    features, real = labelled()
    whole = search(features, real, SMALL)
    path, epochs = tmp_path / "cells.json", []
    one_epoch = detect.search.differentiable._epoch

    def interrupted(*arguments):
        epochs.append(arguments[-1])
        if len(epochs) == 2:
            raise KeyboardInterrupt
        return one_epoch(*arguments)

    monkeypatch.setattr(detect.search.differentiable, "_epoch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        search(features, real, SMALL, path)
    other = SearchConfig(**{**vars(SMALL), "cell_rate": 1e-3})
    with pytest.raises(DataError, match="with other settings or clips; delete it"):
        search(features, real, other, path, resume=True)
    with pytest.raises(DataError, match="with other settings or clips; delete it"):
        search(features + 1, real, SMALL, path, resume=True)
    found = search(features, real, SMALL, path, resume=True)
    assert epochs == [0, 1, 1]
    assert [file.name for file in tmp_path.iterdir()] == ["cells.json"]
    for result in (found, whole):
        del result["search"]["seconds"]
    assert found == whole


def test_a_search_that_was_stopped_after_its_last_epoch_has_only_to_end(few, tmp_path, monkeypatch):
    features, real = labelled()
    path = tmp_path / "cells.json"

    def killed(state):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(detect.search.differentiable._State, "end", killed)
        with pytest.raises(KeyboardInterrupt):
            search(features, real, SMALL, path)
    written = read_json(path)
    assert search(features, real, SMALL, path, resume=True) == written
    assert [file.name for file in tmp_path.iterdir()] == ["cells.json"]


def test_the_strongest_operations_and_edges_are_derived():
    names = list(OPERATIONS)
    choices = np.full((14, 8), 0.1)
    choices[:, 0] = 0.9  # having none never wins
    edges = np.full(14, 0.1)
    wanted = [
        ("sep_conv_3x3", 1), ("skip_connect", 0), ("dil_conv_5x5", 2), ("max_pool_3x3", 0),
        ("avg_pool_3x3", 3), ("sep_conv_5x5", 1), ("dil_conv_3x3", 4), ("sep_conv_3x3", 2),
    ]  # fmt: skip
    starts = (0, 0, 2, 2, 5, 5, 9, 9)
    for rank, ((name, source), start) in enumerate(zip(wanted, starts, strict=True)):
        choices[start + source, 1 + names.index(name)] = 0.8 if rank % 2 == 0 else 0.6
    assert derive(choices, edges) == [list(pair) for pair in wanted]
    edges[0] = 0.9  # a strong edge outweighs a weaker operation on it
    assert derive(choices, edges)[:2] == [["skip_connect", 0], ["sep_conv_3x3", 1]]


def test_halves_share_no_clip_and_both_have_both_classes():
    real = np.arange(41) < 11
    first, second = halves(real, seed=3)
    assert len(first) == len(second) == 20
    assert not set(first) & set(second)
    assert abs(int(real[first].sum()) - int(real[second].sum())) <= 1
    assert np.array_equal(halves(real, 3)[0], first)
    assert not np.array_equal(halves(real, 4)[0], first)


def test_the_published_cells_have_the_published_number_of_parameters():
    network = MODELS["pcdarts"].build((64, 64, 1))
    count = sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)
    assert count == 147_274 - 257  # the head that one logit needs less of


def test_a_derived_network_learns():
    features, real = labelled()
    with initialised(0):
        genotype = {"normal": SIMPLE, "reduce": SIMPLE}
        network = MODELS["pcdarts"].build((32, 16, 1), genotype=genotype, channels=4, cells=3)
    config = TrainConfig(epochs=6, patience=6, batch=16, learning_rate=0.01)
    curves = optimise(network, Set(features, real), Set(features, real), config, seed=0)
    assert curves[-1]["loss"] < 0.5 * curves[0]["loss"]


def test_the_shipped_cells_say_how_they_were_found():
    shipped = read_json(GENOTYPES["starter"])
    validate(shipped)
    assert shipped["search"]["clips"] > 1000
    assert {"seed", "epochs", "seconds", "curves"} <= set(shipped["search"])


@pytest.mark.parametrize(
    "broken", [{}, {"normal": []}, {"normal": [["sep_conv_9x9", 0]] * 8}, {"normal": [["x", 9]]}]
)
def test_a_file_that_is_no_genotype_is_refused(broken):
    with pytest.raises(DataError, match="genotype's '(normal|reduce)' is 8 pairs"):
        MODELS["pcdarts"].build((32, 16, 1), genotype={**PUBLISHED, "reduce": [], **broken})


def test_unusable_settings_are_refused():
    with pytest.raises(UsageError, match="warmup must be less than epochs. Received: 3, 3"):
        SearchConfig(epochs=3, warmup=3)
    with pytest.raises(UsageError, match="multiple of 2 parts. Received: 6, 2"):
        SearchConfig(channels=6)
    with pytest.raises(DataError, match="8 clips; two halves of 32"):
        search(*labelled(8), SearchConfig())


def test_the_command_searches_training_clips_and_keeps_what_is_there(
    corpus, tmp_path, capsys, monkeypatch
):
    asked = []

    def searched(features, real, config, path, resume):
        asked.append((len(features), config.epochs))
        return PUBLISHED

    monkeypatch.setattr(detect.search.differentiable, "search", searched)
    out = tmp_path / "cells.json"
    arguments = ["--out", str(out), "--corpus", "tiny", "--epochs", "7"]
    assert call("search", arguments) == 0
    assert asked == [((corpus["split"] == "train").sum(), 7)]
    assert "normal sep_conv_5x5(0) sep_conv_5x5(1)" in capsys.readouterr().out
    out.write_text("{}")
    assert call("search", arguments) == 2
    assert "pass --force" in capsys.readouterr().err
