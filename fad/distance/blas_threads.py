"""How many threads linear algebra gets: one where matrices are small.

On a machine that is busy, small factorisations on several threads wait for each other: measured at
d = 128 beside other processes, a QR of 15 ms took 900. On a quiet machine they gain nothing.
"""

from contextlib import nullcontext

from experiment.threads import single_blas

SMALL = 512


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
    return nullcontext() if min(sizes) > SMALL else single_blas()
