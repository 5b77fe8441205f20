"""Libraries without the lines that tell a user nothing.

TensorFlow's about oneDNN and missing CUDA drivers go to the process's standard error while it is
imported, before any setting of its log level holds; scikit-learn's say that a limit of iterations
was reached which is part of the method.
"""

import os
import re
import sys
import tempfile
import warnings
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.util import find_spec

GREETING = re.compile(rb"WARNING: All log messages before absl::|[IW]\d{4} |[EW]\d{4} .*[Cc][Uu]")


def quiet_tensorflow() -> None:
    """Keep TensorFlow's greeting back, whenever it is imported."""
    known = any(isinstance(finder, _Finder) for finder in sys.meta_path)
    if "tensorflow" not in sys.modules and not known:
        sys.meta_path.insert(0, _Finder())


@contextmanager
def limited_iterations():
    """Take a fit that ends at its limit of iterations as it is, without a warning."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


class _Finder(MetaPathFinder):
    """Finds tensorflow as Python would, and wraps its loader once."""

    def find_spec(self, name, path=None, target=None):
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = _quietly(spec.loader.exec_module)
        return spec


def _quietly(function):
    def run(*arguments):
        with _without(GREETING):
            return function(*arguments)

    return run


@contextmanager
def _without(pattern):
    """Hold back the lines of standard error, of libraries too, that begin with `pattern`."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            sink.seek(0)
            told = [line for line in sink if not pattern.match(line)]
            os.write(2, b"".join(told))
