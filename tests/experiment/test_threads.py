import threading

import pytest

from experiment.threads import NAME, on_threads


def test_results_come_in_the_order_of_the_items_whatever_makes_them():
    drawn = []

    def items():
        for number in range(100):
            drawn.append(number)
            yield number

    found = on_threads(lambda number: (number**2, threading.current_thread().name), items())
    first = next(found)
    assert first[0] == 0 and len(drawn) < 50
    rest = list(found)
    assert [value for value, _ in rest] == [number**2 for number in range(1, 100)]


def test_a_call_within_a_thread_is_done_there():
    def outer(number):
        names = set(on_threads(lambda _: threading.current_thread().name, range(8)))
        return number, names

    for number, (same, names) in enumerate(on_threads(outer, range(8))):
        assert same == number and len(names) == 1
        assert next(iter(names)).startswith((NAME, "MainThread"))


def test_the_first_error_reaches_the_caller():
    with pytest.raises(ZeroDivisionError):
        list(on_threads(lambda number: 1 // (number - 3), range(8)))
    assert list(on_threads(str, range(3))) == ["0", "1", "2"]
