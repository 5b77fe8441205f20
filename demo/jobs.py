"""What takes longer than a moment waits in one queue, so that verdicts stay quick for everybody."""

import threading
from concurrent.futures import ThreadPoolExecutor

from experiment.errors import UsageError

WAITING = 20


class Queue:
    """Jobs in the order of their arrival, one at a time, off the pages' own threads.

    Parameters
    ----------
    limit : int
        Jobs that may wait.
    """

    def __init__(self, limit=WAITING):
        self.limit = limit
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="demo")
        self._open = []
        self._lock = threading.Lock()

    def submit(self, function, *args, **kwargs):
        """Add a job.

        Parameters
        ----------
        function : callable
            What to do, with the arguments that follow.

        Returns
        -------
        concurrent.futures.Future

        Raises
        ------
        UsageError
            If too many wait already.
        """
        with self._lock:
            self._tidy()
            if len(self._open) >= self.limit:
                raise UsageError(f"{self.limit} jobs are waiting; try again in a minute")
            self._open.append(self._pool.submit(function, *args, **kwargs))
            return self._open[-1]

    def ahead(self, job):
        """Return how many jobs come before `job`."""
        with self._lock:
            self._tidy()
            return self._open.index(job) if job in self._open else 0

    def _tidy(self):
        self._open = [job for job in self._open if not job.done()]
