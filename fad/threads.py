"""How many threads linear algebra gets: one where matrices are small.

On a machine that is busy, small factorisations on several threads wait for each other: measured at
d = 128 beside other processes, a QR of 15 ms took 900. On a quiet machine they gain nothing.
"""

from contextlib import nullcontext
from functools import cache

SMALL = 512


@cache
def _controller():
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def suited_to(*sizes):
    """Return a context in which BLAS has one thread if the smallest of `sizes` is small.

    Parameters
    ----------
    *sizes : int
        Rows or columns of the matrices to be factored.

    Returns
    -------
    context manager
        Restores the number of threads.
    """
    if min(sizes) > SMALL:
        return nullcontext()
    return _controller().limit(limits=1, user_api="blas")
