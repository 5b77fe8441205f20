"""Frechet Audio Distance and its companions, exact, with intervals and provenance.

Examples
--------
>>> import fad
>>> fad.score("real/", "fake/")  # doctest: +SKIP
>>> "yamnet" in fad.EMBEDDINGS
True
"""

import lazy_loader

from experiment.version import __version__ as __version__

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
