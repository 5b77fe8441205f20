import numpy as np

from experiment.bootstrap import draws, interval


def test_whole_groups_are_drawn():
    groups = np.repeat(["a", "b", "c"], [2, 3, 4])
    sizes = {"a": 2, "b": 3, "c": 4}
    for index in draws(groups, repeats=20, seed=1):
        for name, size in sizes.items():
            assert (groups[index] == name).sum() % size == 0


def test_strata_keep_their_number_of_groups():
    groups = np.array(["a", "a", "b", "c", "d", "d"])
    strata = np.array([0, 0, 0, 1, 1, 1])
    for index in draws(groups, repeats=20, seed=1, strata=strata):
        assert {0, 1} == set(strata[index])


def test_the_interval_of_a_mean_has_the_width_of_theory():
    sample = np.random.default_rng(0).normal(size=400)
    found = interval(lambda index: sample[index].mean(), np.arange(400), repeats=2000, seed=1)
    expected = 2 * 1.96 * sample.std() / 20
    assert abs((found.high - found.low) / expected - 1) < 0.1
    assert found.low < found.value < found.high
    assert (found.n, found.groups) == (400, 400)


def test_clones_of_a_clip_do_not_narrow_the_interval():
    sample = np.random.default_rng(0).normal(size=50)
    cloned, groups = np.repeat(sample, 20), np.repeat(np.arange(50), 20)
    alone = interval(lambda index: sample[index].mean(), np.arange(50), seed=1)
    together = interval(lambda index: cloned[index].mean(), groups, seed=1)
    assert np.allclose([together.low, together.high], [alone.low, alone.high])


def test_one_group_has_no_interval():
    found = interval(lambda index: 1.0, np.zeros(10), repeats=10)
    assert np.isnan(found.low)
    assert found.value == 1.0
