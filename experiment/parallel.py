"""One function over many items: in this process, on this machine's cores, or on a cluster.

The engine is dask.distributed: an embedded cluster by default, an existing one by address. Work
that a lost worker held is run again by another. Functions should return what is small.
"""

import logging
import os
from contextlib import contextmanager

from experiment.progress import meter


def cores():
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def each(function, items, *, workers=None, scheduler=None, title=""):
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
        window = 4 * max(workers, len(client.scheduler_info()["workers"]) or 1)
        waiting = []
        for item in items:
            waiting.append(client.submit(function, item, pure=False))
            if len(waiting) >= window:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


@contextmanager
def _client(workers, scheduler):
    import dask
    from distributed import Client, LocalCluster

    if scheduler:
        with Client(scheduler, timeout="20s") as client:
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
