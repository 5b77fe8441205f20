"""One function over many items: in this process, on this machine's cores, or on a cluster.

The engine is dask.distributed: an embedded cluster by default, an existing one by address. Work
that a lost worker held is run again by another. Functions should return what is small.
"""

import logging
import os
from collections.abc import Callable, Sequence
from contextlib import contextmanager

from experiment.errors import UsageError
from experiment.files import reason
from experiment.progress import meter, say

PATIENCE = "20s"  # for a scheduler to answer
ARRIVAL = 600  # seconds for its first worker
LOOK = 10  # seconds between looks whether there are workers


def cores():
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def each(
    function: Callable,
    items: Sequence,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    title: str = "",
):
    """Yield ``function(item)`` for every item, in the order of the items.

    Parameters
    ----------
    function : callable
        Picklable, importable from a module.
    items : sequence
        Picklable arguments.
    workers : int, optional
        Processes on this machine; the number of cores by default, 1 runs in this process.
    scheduler : str, optional
        Address of a running dask scheduler, for example ``tcp://10.0.0.1:8786``.
    title : str
        What is being done, for the progress bar.

    Yields
    ------
    object
        The results, as they become available.

    Raises
    ------
    UsageError
        If no scheduler answers, or none of its workers comes.
    Exception
        Whatever `function` raised first.
    """
    items = list(items)
    workers = min(workers or cores(), max(len(items), 1))
    with meter(title or _named(function), len(items)) as advance:
        run = _here if workers == 1 and scheduler is None else _spread
        for result in run(function, items, workers, scheduler):
            yield result
            advance()


def _named(function):
    """Return what a function is called; a partial one has no name of its own."""
    return getattr(getattr(function, "func", function), "__name__", type(function).__name__)


def _here(function, items, workers, scheduler):
    return map(function, items)


def _spread(function, items, workers, scheduler):
    with _client(workers, scheduler) as client:
        window = 4 * max(workers, len(_workers(client)) or 1)
        waiting = []
        for item in items:
            waiting.append(client.submit(function, item, pure=False))
            if len(waiting) >= window:
                yield _result(client, waiting.pop(0))
        for future in waiting:
            yield _result(client, future)


def _result(client, future):
    """Wait for a result, and say so where there is nobody to compute it."""
    told = False
    while True:
        try:
            return future.result(timeout=LOOK)
        except TimeoutError:
            if future.done():  # since, or by a TimeoutError of its own
                return future.result()
        if not told and not _workers(client):
            say(f"{client.scheduler.address}: no worker is left; waiting for another")
            told = True


def _workers(client):
    return client.scheduler_info()["workers"]


@contextmanager
def _client(workers, scheduler):
    import dask
    from distributed import Client, LocalCluster

    if scheduler:
        with _connected(scheduler) as client:
            _await_workers(client, scheduler)
            yield client
        return
    settings = {"distributed.worker.daemon": False, "distributed.admin.log-format": "%(message)s"}
    with dask.config.set(settings):
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            memory_limit=0,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.ERROR,
        )
        with cluster, Client(cluster) as client:
            yield client


def _connected(scheduler):
    from distributed import Client

    try:
        return Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise UsageError(
            f"no scheduler answers at {scheduler} ({reason(error)}); start one with "
            "'dask scheduler', or leave --scheduler out"
        ) from None


def _await_workers(client, scheduler):
    if _workers(client):
        return
    say(f"{scheduler} has no workers yet: waiting; start some with 'dask worker {scheduler}'")
    try:
        client.wait_for_workers(1, timeout=ARRIVAL)
    except TimeoutError:
        raise UsageError(
            f"no worker came to {scheduler} in {ARRIVAL // 60} minutes; start one with "
            f"'dask worker {scheduler}'"
        ) from None
