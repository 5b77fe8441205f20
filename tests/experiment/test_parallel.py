import os
import time
from functools import partial

import pytest

from experiment.parallel import each


def square(value):
    return value * value


def slow_then_pid(value):
    time.sleep(0.05 * (value % 2))
    return value, os.getpid()


def refuse(value):
    raise ValueError(f"no {value}")


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(workers):
    assert list(each(square, range(25), workers=workers)) == [v * v for v in range(25)]


def test_work_is_spread_over_processes():
    found = list(each(slow_then_pid, range(20), workers=2))
    assert [value for value, _ in found] == list(range(20))
    assert os.getpid() not in {pid for _, pid in found}


def test_an_error_reaches_the_caller():
    with pytest.raises(ValueError, match="no 1"):
        list(each(refuse, [1], workers=2, title="refusing"))


def test_a_running_cluster_is_used_by_address():
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        found = list(each(square, range(5), scheduler=cluster.scheduler_address))
    assert found == [0, 1, 4, 9, 16]


def test_a_partial_function_needs_no_title():
    assert list(each(partial(pow, 2), [1, 2, 3], workers=1)) == [2, 4, 8]
