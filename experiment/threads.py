"""Threads of this process: items on the cores, and linear algebra kept from spreading over them."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from experiment.parallel import cores

NAME = "items"


@cache
def _controller():
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@cache
def _pool():
    return ThreadPoolExecutor(cores(), NAME)


def single_blas():
    """Return a context in which linear algebra has one thread; the number is restored after it.

    Its threads wait for each other where matrices are small or several callers ask.
    """
    return _controller().limit(limits=1, user_api="blas")


def on_threads(function: Callable, items: Iterable):
    """Yield ``function(item)`` for every item, in the order of the items.

    The threads are kept for the next call. Within one of them, items are done one by one. Items are
    drawn as threads become free, by the caller: what it does to make them overlaps with the rest.

    Parameters
    ----------
    function : callable
        Spends its time in NumPy, SciPy or libsndfile, which let other threads run.
    items : iterable
        Its arguments.

    Yields
    ------
    object
        The results.
    """
    if threading.current_thread().name.startswith(NAME) or cores() < 2:
        yield from map(function, items)
        return
    waiting: deque = deque()
    for item in items:
        waiting.append(_pool().submit(function, item))
        if len(waiting) > 2 * cores():
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
