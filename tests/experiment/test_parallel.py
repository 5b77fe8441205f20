import os
import time
from functools import partial

import pytest

from experiment import parallel
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


class Late:
    """A future whose result comes between the look for it and the question whether it is there."""

    def __init__(self, error=None):
        self.looks, self.error = 0, error

    def result(self, timeout=None):
        self.looks += 1
        if self.looks == 1 or self.error:
            raise self.error or TimeoutError("looked too early")
        return 7

    def done(self):
        return True


def test_a_result_that_comes_while_it_is_looked_for_is_no_error():
    assert parallel._result(None, Late()) == 7
    with pytest.raises(TimeoutError, match="its own"):
        parallel._result(None, Late(TimeoutError("its own")))


def test_a_running_cluster_is_used_by_address():
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        found = list(each(square, range(5), scheduler=cluster.scheduler_address))
    assert found == [0, 1, 4, 9, 16]


def test_a_partial_function_needs_no_title():
    assert list(each(partial(pow, 2), [1, 2, 3], workers=1)) == [2, 4, 8]
